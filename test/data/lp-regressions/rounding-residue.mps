NAME          random
ROWS
 N OBJ
 E r0
 E r1
 G r2
 G r3
 L r4
 E r5
 G r6
 E r7
COLUMNS
 x0 OBJ 0.05
 x0 r1 -0.1
 x0 r2 -0.5
 x0 r3 40
 x0 r4 -0.31
 x1 OBJ -0.2
 x1 r2 -5.551115123125783e-17
 x1 r3 76.2
 x1 r4 5
 x1 r5 -10
 x2 r1 -0.01
 x2 r4 -50
 x2 r7 200
 x3 r0 -500
 x3 r2 -0.04
 x3 r3 3
 x3 r4 19.9
 x3 r6 4
RHS
 RHS OBJ -3
 RHS r0 -5
 RHS r1 3
 RHS r2 5
 RHS r3 -1e+30
 RHS r4 3
 RHS r6 -1
 RHS r7 1
RANGES
 RNG r2 3
BOUNDS
 MI BND x1
 UP BND x1 0
 MI BND x2
 UP BND x2 0
 LO BND x3 2
ENDATA
