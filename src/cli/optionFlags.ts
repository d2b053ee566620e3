/**
 * Flags that several commands share: the variant of the problem (specification 6) and numbers that are checked as they
 * are read.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { kebabCase } from '../model/kebabCase.ts';
import type { PlanningOptions } from '../model/options.ts';
import { type ReductionSwitches, reductionNames } from '../model/reductions/reduceProblem.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import { planningChoices, presetNames } from '../planner/validateOptions.ts';

type ChoiceName = keyof typeof planningChoices;

const choiceHelp: Readonly<Record<ChoiceName, string>> = {
  placement: 'one deployment for each query type, or queries shared among several',
  uncertainty: 'plan for nominal values, for the worst Gamma deviations, or for deviations that relief data shrink',
  delayRule: 'whose TP degree speeds up a query type',
  delayCost: 'charge nominal delay and its deviation, or the deviation only',
  delayCostBudget: 'one Gamma for the whole delay cost, or one for each query type',
  rentalInBudget: 'count rental once in the budget, or once for each query type',
  weightStorage: 'store weights for each placement, or once for each deployment',
};

/** Adds `--preset` and every option of specification 6 under its name in kebab case. */
export function addPlanningFlags(command: Command): Command {
  command.addOption(
    new Option('--preset <name>', 'variant of the problem; the flags below change it (default: "recommended")').choices(
      presetNames,
    ),
  );
  for (const name of Object.keys(planningChoices) as ChoiceName[]) {
    command.addOption(new Option(`--${kebabCase(name)} <choice>`, choiceHelp[name]).choices(planningChoices[name]));
  }
  return command.option('--max-replicas <n>', 'most replicas of a deployment', wholeNumber(1));
}

export type PlanningFlags = Partial<PlanningOptions> & Pick<SolveOptions, 'preset'>;

/** The planning options among the flags that were given. */
export function planningFlags(flags: Readonly<Record<string, unknown>>): PlanningFlags {
  const names = ['preset', ...Object.keys(planningChoices), 'maxReplicas'];
  return Object.fromEntries(names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]));
}

/** Reads `all`, `none`, or the names (in kebab case, separated by commas) of the reductions to apply. */
export function reductionsFrom(text: string): boolean | ReductionSwitches {
  if (text === 'all' || text === 'none') return text === 'all';
  const names = text.split(',');
  const known = reductionNames.map(kebabCase);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`Expected "all", "none", or names out of ${known.join(', ')}; found "${unknown}".`);
  }
  return Object.fromEntries(reductionNames.map((name) => [name, names.includes(kebabCase(name))]));
}

/** Reads a whole number from `least` on. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const expected = most === Number.MAX_SAFE_INTEGER ? `>= ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number ${expected}.`);
    }
    return value;
  };
}

/** Reads a finite number from `least` on, below `below`. */
export function numberFrom(least: number, below = Number.POSITIVE_INFINITY): (text: string) => number {
  const expected = below === Number.POSITIVE_INFINITY ? `>= ${least}` : `from ${least}, below ${below}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value >= below) {
      throw new InvalidArgumentError(`Expected a number ${expected}.`);
    }
    return value;
  };
}

/** Reads a number from `least` to `most`, both allowed. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}
