* right answer: infeasible (an even number is never 1)
NAME freeint
ROWS
 N obj
 E e
COLUMNS
 M 'MARKER' 'INTORG'
 a e 2
 b e 2
 M 'MARKER' 'INTEND'
RHS
 R e 1
BOUNDS
 FR B a
 FR B b
ENDATA
