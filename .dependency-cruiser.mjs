/**
 * The house of docs/architecture.md as rules: imports point down, type imports too; no circle; no Node built-in where
 * browsers are at home. `npm run lint` runs it. (dependency-cruiser reads TypeScript only through a compiler below 7,
 * so the package `typescript` is 6 and the one that compiles is `typescript-7`.)
 */

/** Rooms by floor, the lowest first; a room may import what lies on floors below its own, and itself. */
const floors = [
  ['src/version.ts', 'src/input/'],
  ['src/lp/'],
  ['src/bnb/', 'src/model/'],
  ['src/heuristics/', 'src/generator/', 'src/proof/check/'],
  ['src/patterns/'],
  ['src/planner/'],
  ['src/analysis/', 'src/explain/', 'src/worker/', 'src/proof/write/'],
  ['src/report/', 'src/exchange/', 'src/runs/', 'src/scenarios/', 'src/proof/index.ts', 'src/index.ts'],
  ['src/cli/', 'web/', 'bench/', 'tools/'],
];

/** Rooms that browsers import. */
const browserRooms = ['input', 'lp', 'bnb', 'model', 'heuristics', 'patterns', 'planner', 'generator', 'proof', 'explain', 'report', 'analysis'];

const oneOf = (rooms) => `^(${rooms.map((room) => room.replaceAll('.', '\\.')).join('|')})`;

const floorRules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const notBelow = floors.slice(floor).flat();
    return {
      name: `below-${room.replace(/\/$/, '')}`,
      severity: 'error',
      comment: 'Imports point down to a lower floor; rooms of one floor do not know each other.',
      from: { path: oneOf([room]) },
      to: { path: oneOf(notBelow), pathNot: oneOf([room]) },
    };
  }),
);

export default {
  forbidden: [
    ...floorRules,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-node-in-the-core',
      severity: 'error',
      from: {
        path: `^src/((${browserRooms.join('|')})/|(index|version)\\.ts|worker/(browser|browserThread|solveInBrowserWorker|solveInGivenWorker|solveConversation)\\.ts)`,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'optional-packages-when-needed',
      severity: 'error',
      comment: 'Optional peers are imported when a chart is drawn, or by the reference factorisation, which nothing imports.',
      from: { path: '^src/', pathNot: '^src/lp/basis/denseFactorization\\.ts' },
      to: { path: 'node_modules/(vega|vega-lite|@napi-rs/canvas|ml-matrix|bullmq|ioredis)/', dynamic: false, dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'reference-factorisation-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/lp/basis/denseFactorization\\.ts' },
    },
    {
      name: 'independent-verifier',
      severity: 'error',
      comment: 'The verifier recomputes a plan from the data: nothing of a compiled problem, formulation or reduction.',
      from: { path: '^src/model/check/' },
      to: { path: '^src/model/(compiled|formulations|reductions)/' },
    },
    {
      name: 'independent-proof-checker',
      severity: 'error',
      comment: 'A proof is checked against the data: their types, their validation, their fingerprint and nothing else.',
      from: { path: '^src/proof/check/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(proof/check/|input/|model/(instance|options|schemaFields|schemaIssues|validateInstance|fingerprint|sha256)\\.ts|lp/(linearProgram|checkProgram)\\.ts)',
      },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      // What the bundler of the page makes has no file.
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
