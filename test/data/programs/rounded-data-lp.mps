* Data rounded to 8-11 digits, consistent to 3e-9 (2e-12 relative). Right answer: optimal, objective 0 (HiGHS, SCIP).
NAME rounded
ROWS
 N obj
 E split
 E total
 E none
 E flow
 E energy
COLUMNS
 in1 split 1
 in1 flow -1
 in2 split -1
 in2 flow 1
 tot total 1
 tot energy -1.01333353535354
 idle none 1
 idle energy 1.01333353535354
 a flow 1
 a energy -1.01333353535354
 b flow -1
 b energy 1.01333353535354
 z obj 1
RHS
 R split -222.34033333
 R total 1714.007
 R energy -1511.55585690236
BOUNDS
 UP B in1 8700
 UP B in2 8700
 UP B a 8700
 UP B b 8700
 UP B z 1
ENDATA
