/**
 * A solve may need several searches: the first in a unit of money that its plan outgrows, or one that ends in numerical
 * trouble. It is resumed into the one that was at hand, with what those before it found.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InputError,
  type Instance,
  optimize,
  resumeSolve,
  type SavedSolve,
  Solve,
  type SolveOptions,
} from '../../src/index.ts';
import { sha256 } from '../../src/model/sha256.ts';
import { arbitraryFleet } from '../arbitrary/fleets.ts';
import { arbitraryOptions } from '../arbitrary/instances.ts';
import { moneyTimes } from '../arbitrary/money.ts';
import { timeless } from '../timeless.ts';

const reread = (solve: Solve) => JSON.parse(JSON.stringify(solve.save())) as SavedSolve;

/** Memory in kilobytes and nothing but stored weights to pay: plans far cheaper than the first unit of money. */
function nearlyFree(instance: Instance): Instance {
  const times = (size: number | Readonly<Record<string, number>>) =>
    typeof size === 'number'
      ? size * 1e6
      : Object.fromEntries(Object.entries(size).map(([precision, value]) => [precision, value * 1e6]));
  return {
    ...instance,
    storagePrice: 1e-9,
    queryTypes: instance.queryTypes.map((query) => ({ ...query, delayPenalty: 0, unmetPenalty: 0, unmetCap: 1 })),
    tiers: instance.tiers.map((tier) => ({
      ...tier,
      price: 0,
      ...(tier.memory !== undefined && { memory: tier.memory * 1e6 }),
    })),
    models: instance.models.map((model) => ({ ...model, weightSize: times(model.weightSize) as number })),
  };
}

const scaled = fc
  .record({
    instance: fc.oneof(arbitraryFleet(1, 1, 1), arbitraryFleet(2, 1, 1), arbitraryFleet(2, 2, 1)),
    free: fc.boolean(),
    factor: fc.constantFrom(1e-9, 1, 1e6),
    options: arbitraryOptions({ delayRule: 'per-deployment', uncertainty: 'budgeted' }),
    strategy: fc.constantFrom('plain', 'no-heuristics', 'default'),
  })
  .map(({ instance, free, factor, options, strategy }) => ({
    instance: moneyTimes(free ? nearlyFree(instance) : instance, factor),
    options: { ...options, strategy, nodeLimit: 60 } as SolveOptions,
  }));

describe('a solve of several searches', () => {
  it('that is resumed at any of its nodes equals the uninterrupted one', () => {
    let resumesOfFurther = 0;
    fc.assert(
      fc.property(scaled, ({ instance, options }) => {
        const whole = optimize(instance, options);
        const stops = [...new Set([0, 1, 2, whole.nodes - 1])].filter((at) => at >= 0 && at < whole.nodes);
        let staged: SavedSolve | undefined;
        for (const nodeLimit of stops.sort((a, b) => a - b)) {
          const solve = new Solve(instance, { ...options, nodeLimit });
          expect(solve.run().status).toBe('node-limit');
          const saved = reread(solve);
          if (saved.earlier !== null) resumesOfFurther += 1;
          const next: Solve = new Solve(instance, { ...options, nodeLimit }, staged);
          next.run();
          staged = reread(next);
          for (const each of [saved, staged]) {
            const resumed = resumeSolve(each, instance, { nodeLimit: 60 }).run();
            expect(timeless(resumed)).toEqual(timeless(whole));
          }
        }
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(resumesOfFurther).toBeGreaterThan(2);
  }, 120_000);
});

interface Entries {
  [name: string]: Entries;
}

describe('a search saved by another program of the same version', () => {
  /** With an entry of the settings or options taken out or put in, and the seal that such a program would have set. */
  function resaved(saved: SavedSolve, change: (content: Entries) => void): SavedSolve {
    const { format, version, checksum: _checksum, ...content } = JSON.parse(JSON.stringify(saved));
    change(content);
    return { format, version, checksum: sha256(JSON.stringify(content)), ...content };
  }

  it('is refused with each entry that only one of the programs has', () => {
    const [instance] = fc.sample(arbitraryFleet(2, 1, 1), { numRuns: 1, seed: 3 });
    const solve = new Solve(instance, { delayRule: 'per-deployment', nodeLimit: 0 });
    const saved = solve.save();
    const leaves = (value: object, path: string[]): string[][] =>
      Object.entries(value).flatMap(([name, entry]) =>
        typeof entry === 'object' && entry !== null && !Array.isArray(entry)
          ? leaves(entry, [...path, name])
          : [[...path, name]],
      );
    const paths = [...leaves(saved.settings, ['settings']), ...leaves(saved.options, ['options'])];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (out, extra) => {
          const other = resaved(saved, (content) => {
            for (const path of out) {
              const holder = path.slice(0, -1).reduce((inside, name) => inside[name], content);
              delete holder[path.at(-1)!];
            }
            if (extra) content.settings.parameters.compact.another = {};
          });
          let refusal: unknown;
          try {
            resumeSolve(other, instance);
          } catch (error) {
            refusal = error;
          }
          expect(refusal).toBeInstanceOf(InputError);
          const named = (refusal as InputError).issues.map(({ path }) => path).sort();
          const expected = [
            ...out.map((path) => path.join('.')),
            ...(extra ? ['settings.parameters.compact.another'] : []),
          ];
          expect(named).toEqual(expected.sort());
        },
      ),
      { numRuns: 100 },
    );
  });
});
