/**
 * Whatever a program hands to a function of the package: what is none of its arguments is refused with an InputError,
 * by every exported function of every entry, and no option is passed over.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseVary } from '../src/analysis/grids.ts';
import { PluginModuleError } from '../src/bnb/plugins/loadPlugins.ts';
import { saveSearch } from '../src/bnb/savedSearch.ts';
import { solveMixedIntegerProgram } from '../src/bnb/solveMixedIntegerProgram.ts';
import { TreeSearch } from '../src/bnb/treeSearch.ts';
import { parseFleet } from '../src/exchange/fleet.ts';
import { fleetText } from '../src/exchange/fleetText.ts';
import { InputError } from '../src/input/inputError.ts';
import { ProgramFileError } from '../src/lp/files/programFile.ts';
import { MixedIntegerProgramBuilder } from '../src/lp/linearProgram.ts';
import { drain } from '../src/lp/steps.ts';
import { optimize } from '../src/planner/optimize.ts';
import { optionTable } from '../src/planner/optionTable.ts';
import { Solve } from '../src/planner/solve.ts';
import { writeProgramProof, writeRows } from '../src/proof/write/writeProgramProof.ts';
import { writeProof } from '../src/proof/write/writeProof.ts';
import { openResultStore } from '../src/scenarios/resultStore.ts';
import { tinyInstance, tinyPlan } from './model/tinyInstance.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
const { exports } = JSON.parse(read('package.json')) as {
  readonly exports: Readonly<Record<string, Target>>;
};
type Target = string | { readonly [condition: string]: Target };

/** What none of our functions takes where it wants a record, a list, a number or a text. */
const nasty: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['3', 3],
  ['NaN', Number.NaN],
  ['"x"', 'x'],
  ['[]', []],
  ['{ nope: 1 }', { nope: 1 }],
  ['a Map', new Map([['gap', -1]])],
  ['a Date', new Date(0)],
  ['an heir', Object.create({ gap: -1 })],
  ['a function', () => 1],
];

interface Call {
  readonly args: () => readonly unknown[];
  /** (argument, or argument.entry): names of nasty values that it may have. */
  readonly may?: Readonly<Record<string, readonly string[]>>;
  readonly make?: boolean;
}

const noOptions = ['undefined'];
/** An options argument may be left out. */
const optional = (at: number) => ({ [at]: noOptions });

const program = () => {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ cost: 1, upper: 4, integer: true });
  builder.addRow({ lower: 1.5, indices: [0], values: [1] });
  return builder.build();
};

const solvedProgram = () => solveMixedIntegerProgram(program());
const programProof = () => writeProgramProof(program(), solvedProgram());
const proof = () => writeProof(tinyInstance(), optimize(tinyInstance()));
const noDoor = () => null;
const tinyRelaxation = {
  name: 'nothing',
  branchingClasses: [],
  solveInSteps: (): never => {
    throw new Error('asked for a node');
  },
};
const savedTree = () => saveSearch(new TreeSearch(tinyRelaxation, { door: noDoor }));
/** A server that is not there: nothing is asked of it where the arguments are wrong. */
const nowhere = { url: 'redis://localhost:1', name: 'none' };
async function* chains(): AsyncGenerator<never, void> {
  yield* [];
}
const readNothing = () => Promise.reject(new Error('asked for an instance'));
const noWorker = () => {
  throw new Error('asked for a worker');
};
const sweep = () => ({
  instance: tinyInstance(),
  grid: { name: 'n', title: 't', axes: [parseVary('price=1')] },
  options: {},
});

const calls: Readonly<Record<string, Readonly<Record<string, Call>>>> = {
  '.': {
    Solve: { args: () => [tinyInstance(), {}], make: true, may: optional(1) },
    explain: { args: () => [tinyInstance(), {}], may: optional(1) },
    explainAsync: { args: () => [tinyInstance(), {}], may: optional(1) },
    generateInstance: { args: () => [{ queryTypes: 1, models: 1, tiers: 1 }] },
    generateReference: { args: () => [{}], may: optional(0) },
    lintInstance: { args: () => [tinyInstance(), {}], may: optional(1) },
    optimize: { args: () => [tinyInstance(), {}], may: optional(1) },
    optimizeAsync: { args: () => [tinyInstance(), {}], may: optional(1) },
    parseInstance: { args: () => [JSON.stringify(tinyInstance())] },
    planAlternatives: { args: () => [tinyInstance(), { count: 1 }] },
    planAlternativesAsync: { args: () => [tinyInstance(), { count: 1 }] },
    resolveOptions: { args: () => [{}], may: optional(0) },
    resumeSolve: { args: () => [new Solve(tinyInstance()).save(), tinyInstance(), {}], may: optional(2) },
    validateInstance: { args: () => [tinyInstance()] },
    validatePlan: { args: () => [tinyPlan(), tinyInstance()] },
    verifyPlan: { args: () => [tinyInstance(), {}, tinyPlan()], may: optional(1) },
  },
  './lp': {
    SimplexSolver: { args: () => [program(), {}], make: true, may: optional(1) },
    presolve: { args: () => [program()] },
    readLpFile: { args: () => ['min\n obj: x\nst\n x >= 1\nend\n'] },
    readLpModel: { args: () => ['min\n obj: x\nst\n x >= 1\nend\n'] },
    readMps: { args: () => ['NAME\nROWS\n N obj\nCOLUMNS\nRHS\nENDATA\n'] },
    readMpsModel: { args: () => ['NAME\nROWS\n N obj\nCOLUMNS\nRHS\nENDATA\n'] },
    readProgram: { args: () => ['NAME\nROWS\n N obj\nCOLUMNS\nRHS\nENDATA\n'] },
    solveLinearProgram: { args: () => [program(), {}], may: optional(1) },
    solveLinearProgramInSteps: { args: () => [program(), {}], may: optional(1) },
    writeLpFile: { args: () => [program()] },
    writeMps: { args: () => [program(), {}], may: optional(1) },
  },
  './mip': {
    solveMixedIntegerProgram: { args: () => [program(), {}], may: optional(1) },
    solveMixedIntegerProgramAsync: { args: () => [program(), {}], may: optional(1) },
  },
  './analysis': {
    diffPlans: { args: () => [tinyPlan(), tinyPlan(), tinyInstance()], may: { 2: ['undefined', 'null'] } },
    findFactor: { args: () => ['price'] },
    frontier: { args: () => [tinyInstance(), parseVary('budget=1'), {}], may: optional(2) },
    frontierAsync: { args: () => [tinyInstance(), parseVary('budget=1'), {}], may: optional(2) },
    gpuFrontier: { args: () => [tinyInstance(), 1, {}], may: { 1: ['3'], 2: noOptions } },
    gpuFrontierAsync: { args: () => [tinyInstance(), 1, {}], may: { 1: ['3'], 2: noOptions } },
    parseVary: { args: () => ['price=1'] },
    priceOfRobustness: { args: () => [tinyInstance(), { gammas: [], draws: 1 }], may: optional(1) },
    priceOfRobustnessAsync: { args: () => [tinyInstance(), { gammas: [], draws: 1 }], may: optional(1) },
    rollWindows: {
      args: () => [tinyInstance(), [{ start: 0, hours: 1, rates: { chat: 1 } }], {}],
      may: { 2: noOptions, '1.0.start': ['3'], '1.0.hours': ['3'], '1.0.rates': [] },
    },
    runSweep: {
      args: () => [sweep(), {}],
      may: { 1: noOptions, '0.options': noOptions },
    },
    stressPlan: { args: () => [tinyInstance(), {}, tinyPlan(), {}], may: { 1: noOptions, 3: noOptions } },
  },
  './analysis/node': {
    startScenarioPool: { args: () => [1], may: { 0: ['3', 'undefined'] } },
  },
  './fleet': {
    compileFleet: { args: () => [fleet()] },
    generateFleet: { args: () => [{ queryTypes: 1, models: 1, tiers: 1 }] },
    parseFleet: { args: () => [fleetText(fleet())] },
    validateFleet: { args: () => [fleet()] },
  },
  './exchange': {
    commandsText: { args: () => [tinyPlan(), {}], may: optional(1) },
    demandOfTrace: { args: () => ['time,input tokens,output tokens\n0,1,1\n', { window: 1 }] },
    deployNotes: { args: () => [tinyPlan(), {}], may: optional(1) },
    fleetText: { args: () => [fleet()] },
    importFleet: {
      args: () => ['melange', [{ name: 'melange.json', text: read('examples/melange.json') }], {}],
      may: optional(2),
    },
    kubernetesManifests: { args: () => [tinyPlan(), {}], may: optional(1) },
    kubernetesText: { args: () => [tinyPlan(), {}], may: optional(1) },
    prometheusText: { args: () => [tinyPlan(), {}], may: optional(1) },
    readDemand: { args: () => ['start,hours,queryType,rate\n0,1,chat,1\n'] },
  },
  './report': {
    // A line that is not ended yet is left for later.
    readProgressLines: { args: () => ['{}'], may: { 0: ['"x"'] } },
  },
  './bnb': {
    TreeSearch: { args: () => [tinyRelaxation, { door: noDoor }], make: true },
    loadPlugins: { args: () => [['./test/data/plugins/lastColumn.mjs']], may: { 0: ['[]'] } },
    restoreSearch: { args: () => [savedTree(), tinyRelaxation, { door: noDoor }] },
    saveSearch: { args: () => [new TreeSearch(tinyRelaxation, { door: noDoor })] },
  },
  './proof': {
    checkProgramProof: { args: () => [program(), programProof(), {}], may: optional(2) },
    checkProof: { args: () => [tinyInstance(), proof(), {}], may: optional(2) },
    vipr: { args: () => [program(), drain(writeRows(program(), solvedProgram(), { usesCuts: false }))] },
    writeProgramProof: { args: () => [program(), solvedProgram(), {}], may: optional(2) },
    writeProgramProofAsync: { args: () => [program(), solvedProgram(), {}], may: optional(2) },
    writeProof: { args: () => [tinyInstance(), optimize(tinyInstance()), {}], may: optional(2) },
    writeProofAsync: { args: () => [tinyInstance(), optimize(tinyInstance()), {}], may: optional(2) },
  },
  './queue': {
    drainQueue: { args: () => [nowhere, openResultStore('results')] },
    pushChains: { args: () => [nowhere, chains(), openResultStore('results')] },
    queueCounts: { args: () => [nowhere] },
    workOnQueue: { args: () => [nowhere, 1, AbortSignal.abort(), () => {}], may: { 1: ['3'], 3: ['a function'] } },
  },
  './scenarios': {
    isInShard: {
      args: () => [
        { index: 0, scenarios: [] },
        { number: 1, count: 1 },
      ],
    },
    mergeResults: { args: () => [chains(), []], may: { 1: ['[]'] } },
    openResultStore: { args: () => ['results', {}], may: { 0: ['"x"'], 1: noOptions } },
    readScenarioChains: {
      args: () => ['scenarios.jsonl', readNothing, {}],
      may: { 0: ['"x"'], 1: ['a function'], 2: noOptions },
    },
    runScenarios: {
      args: () => [chains(), { store: openResultStore('results'), solve: () => readNothing(), concurrency: 1 }],
    },
    scenarioLines: { args: () => [sweep(), { draws: null, drawSeed: 1, seeds: 1 }], may: { '0.options': noOptions } },
    surveyScenarios: {
      args: () => ['scenarios.jsonl', readNothing, () => true],
      may: { 0: ['"x"'], 1: ['a function'], 2: ['undefined', 'a function'] },
    },
  },
  './worker (browser)': {
    solveInWorker: {
      args: () => [tinyInstance(), {}, { createWorker: noWorker }],
      may: { 1: noOptions, 2: noOptions },
    },
  },
  './worker': {
    solveInWorker: { args: () => [tinyInstance(), {}, {}], may: { 1: noOptions, 2: noOptions } },
  },
};

/** (option): names of nasty values that it may have; those of every solve are in planner/optionDoor.test.ts. */
const mayHave: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['seed', 'queryTypes', 'models', 'tiers', 'unmetCapPerRate', 'count', 'totalTimeLimit', 'draws', 'concurrency']
      .concat(['iterationLimit', 'timeLimit', 'nodeLimit', 'memoryLimit', 'absoluteGap', 'cutoff', 'knownBound'])
      .concat(['window', 'gpusPerNode', 'gracePeriod', 'drawSeed', 'seeds'])
      .map((name) => [name, ['3']]),
  ),
  ...Object.fromEntries(['namespace', 'nodeLabel', 'image', 'gateway', 'tokenSecret'].map((name) => [name, ['"x"']])),
  ...Object.fromEntries(
    [
      'gammas',
      'distributions',
      'inputClasses',
      'outputClasses',
      'knownSolutions',
      'heuristics',
      'initialSolutions',
    ].map((name) => [name, ['[]']]),
  ),
  ...Object.fromEntries(
    [
      'onPoint',
      'onWindow',
      'onRecord',
      'onAlternative',
      'solve',
      'shouldStop',
      'isInterrupted',
      'bytesInUse',
      'onProgress',
    ]
      .concat(['createWorker', 'door', 'onResult'])
      .map((name) => [name, ['a function']]),
  ),
  ...Object.fromEntries(
    ['prices', 'rates', 'available', 'limits', 'served'].map((name) => [name, ['{ nope: 1 }', 'an heir']]),
  ),
  ...Object.fromEntries(['period', 'utilization'].map((name) => [name, ['3', 'NaN', '"x"']])),
  finished: ['a Map'],
  name: ['"x"'],
  initialSolutions: ['[]', 'a Map'],
  draws: ['3', 'null'],
};

/** Told of by what they are: what another of our functions made, or an object that works. */
const others: Readonly<Record<string, readonly string[]>> = {
  './lp': ['MixedIntegerProgramBuilder', 'checkOptimality'],
  './lp/dense': ['DenseFactorization'],
  './mip': ['MixedIntegerProgramBuilder'],
  './analysis': ['cellValues', 'compareRuns', 'gridSize', 'runComparison', 'sweepColumns'],
  './analysis/node': ['openComparisonJournal', 'openSweepJournal'],
  './fleet': [
    'cachePerTokenOf',
    'estimatedLatency',
    'fitServiceTimes',
    'serviceTimesOf',
    'tpDegreesOfHeads',
    'weightsOf',
  ],
  './report': [
    'planDiffReport',
    'planPicture',
    'planReport',
    'renderPng',
    'renderSvg',
    'robustnessChart',
    'robustnessRows',
    'robustnessTable',
    'rollChart',
    'rollReport',
    'rollRows',
    'solvePage',
    'solveReport',
    'sweepCharts',
    'sweepFigures',
    'sweepTables',
    'toCsv',
    'treePicture',
    'withoutApostrophe',
  ],
};

function fleet() {
  return parseFleet(read('examples/assistant.yaml'));
}

async function outcome(call: Call, act: unknown, args: readonly unknown[], tells = false): Promise<string> {
  try {
    const made: unknown =
      call.make === true
        ? new (act as new (...given: unknown[]) => unknown)(...args)
        : (act as (...given: unknown[]) => unknown)(...args);
    if (typeof (made as Iterator<unknown> | null)?.next === 'function') await (made as Iterator<unknown>).next();
    await made;
    return 'taken';
  } catch (error) {
    if (error instanceof InputError || error instanceof ProgramFileError || error instanceof PluginModuleError) {
      if (tells) return error.message;
      return error.message.includes(': found ') || !(error instanceof InputError) ? 'refused' : `said ${error.message}`;
    }
    return String(error);
  }
}

/** The names of the options of an argument, which refuses a stranger among them by telling them; null: it has none. */
async function namesOfOptions(call: Call, act: unknown, at: number): Promise<readonly string[] | null> {
  const args = call.args();
  const said = await outcome(call, act, args.with(at, { ...(args[at] as object), nope: 1 }), true);
  return / no such option; known: (.*)$/m.exec(said)?.[1].split(', ') ?? null;
}

/** (path, arguments) with `value` in place of each argument. */
function* spoilt(args: readonly unknown[], value: unknown) {
  for (const at of args.keys()) yield { path: String(at), given: args.with(at, value) };
}

/** Whether options of the same name are others than those of solves of plans. */
const isOwn = (entry: string) => ['./lp', './mip', './fleet', './bnb', './proof'].includes(entry);

/** Every file of ours that the package offers, by its entry and, where there are several, the condition. */
function* offered(entry: string, target: Target): Generator<readonly [entry: string, path: string]> {
  if (typeof target === 'string') {
    if (target.endsWith('.js')) yield [entry, target];
    return;
  }
  for (const [condition, inner] of Object.entries(target))
    if (condition !== 'types') yield* offered(condition === 'default' ? entry : `${entry} (${condition})`, inner);
}

// What runs in a worker listens to its scope as soon as it is there; other test files find the scope as it was.
const scope = globalThis as { addEventListener?: unknown };
const listened = Object.hasOwn(scope, 'addEventListener');
if (!listened) scope.addEventListener = () => {};

for (const [entry, path] of Object.entries(exports).flatMap(([name, target]) => [...offered(name, target)])) {
  const ofEntry = calls[entry] ?? {};
  const module = (await import(new URL(path.replace('./dist/', 'src/').replace(/\.js$/, '.ts'), root).href)) as object;
  const functions = Object.entries(module).filter(([, value]) => typeof value === 'function');

  describe(`rolla${entry.slice(1)}`, () => {
    it('has every function here', () => {
      const isError = ([, value]: [string, unknown]) => (value as { prototype?: unknown }).prototype instanceof Error;
      const named = functions.filter((each) => !isError(each)).map(([name]) => name);
      expect([...Object.keys(ofEntry), ...(others[entry] ?? [])].sort()).toEqual(named.sort());
    });

    it.each(Object.entries(ofEntry))('%s takes no nasty value', async (name, call) => {
      const act = (module as Readonly<Record<string, unknown>>)[name];
      const found: string[] = [];
      for (const [label, value] of nasty) {
        for (const { path, given } of spoilt(call.args(), value)) {
          if (call.may?.[path]?.includes(label)) continue;
          const said = await outcome(call, act, given);
          if (said !== 'refused') found.push(`argument ${path} ${label}: ${said}`);
        }
      }
      expect(found).toEqual([]);
    });

    it.each(Object.entries(ofEntry))('%s takes no nasty value in an option', async (name, call) => {
      const act = (module as Readonly<Record<string, unknown>>)[name];
      const found: string[] = [];
      for (const [at, argument] of call.args().entries()) {
        if (typeof argument !== 'object' || Array.isArray(argument)) continue;
        const names = await namesOfOptions(call, act, at);
        for (const option of names ?? []) {
          if (Object.hasOwn(optionTable, option) && !isOwn(entry)) continue;
          for (const [label, value] of nasty) {
            if (value === undefined || mayHave[option]?.includes(label) === true) continue;
            const said = await outcome(call, act, call.args().with(at, { ...argument, [option]: value }));
            if (said !== 'refused') found.push(`argument ${at}, ${option} ${label}: ${said}`);
          }
        }
      }
      expect(found).toEqual([]);
    });
  });
}

if (!listened) delete scope.addEventListener;
