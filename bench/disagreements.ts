/** Answers that cannot all be true: of one case by several solvers, or of one instance in several orders. */
import type { BenchCase } from './cases.ts';
import type { RunRecord } from './runRecord.ts';
import { groupBy } from './statistics.ts';

/** Answers that contradict each other or what is known; the bench ends with an error if there are any. */
export interface Disagreement {
  readonly case: string;
  readonly text: string;
}

/** Room for two proven answers to differ beyond their gaps: tolerances of the solvers' limits, relative. */
const agreementTolerance = 1e-5;

/**
 * Compares the proven answers of each case, and of all cases that must have the same optimum, with each other, with
 * every plan that verifies (proven or not), with every bound, and with what is known. Costs in the records are the
 * verifier's, so a plan at hand is a fact whoever found it.
 */
export function disagreements(cases: readonly BenchCase[], records: readonly RunRecord[]): Disagreement[] {
  const groups = groupBy(cases, ({ name, sameOptimumAs }) => sameOptimumAs ?? name);
  return [...groups].flatMap(([key, members]) => {
    const names = new Set(members.map(({ name }) => name));
    return disagreementsOf(
      key,
      members[0],
      records.filter((record) => names.has(record.case)),
    );
  });
}

function disagreementsOf(group: string, { gap, known }: BenchCase, own: readonly RunRecord[]): Disagreement[] {
  const found: Disagreement[] = [];
  const nameOf = (record: RunRecord) => (record.case === group ? record.solver : `${record.solver} (${record.case})`);
  const costs = own.flatMap((record) =>
    record.cost === null ? [] : [{ cost: record.cost, name: nameOf(record), status: record.status }],
  );
  const best = costs.reduce<(typeof costs)[number] | null>((a, b) => (a === null || b.cost < a.cost ? b : a), null);
  const slack = (cost: number) => (gap + agreementTolerance) * Math.max(1, Math.abs(cost));
  const report = (text: string) => found.push({ case: group, text });
  for (const record of own.filter(({ status }) => status === 'infeasible')) {
    if (best !== null) report(`${nameOf(record)} says infeasible, ${best.name} has a plan of ${best.cost}`);
    if (typeof known === 'number') report(`${nameOf(record)} says infeasible, known: ${known}`);
  }
  for (const { cost, name, status } of costs) {
    if (known === 'infeasible') report(`${name} has ${cost}, known to be infeasible`);
    if (typeof known === 'number' && cost < known - slack(known)) report(`${name} has ${cost}, known: ${known}`);
    if (status !== 'optimal') continue;
    if (cost > best!.cost + slack(cost)) report(`${name} has ${cost}, ${best!.name} ${best!.cost}`);
    if (typeof known === 'number' && cost > known + slack(cost)) report(`${name} has ${cost}, known: ${known}`);
  }
  for (const record of own) {
    const { bound } = record;
    if (best !== null && bound !== null && bound > best.cost + slack(best.cost)) {
      report(`${nameOf(record)} claims the bound ${bound}, but a plan of ${best.cost} verifies`);
    }
  }
  return found;
}
