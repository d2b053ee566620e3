/** `rolla verify`: recomputes cost and every constraint of a plan from the instance alone. */
import { InputError, showValue } from '../../input/inputError.ts';
import { checkPlan, type Verification } from '../../model/check/verifier.ts';
import type { Instance, Plan } from '../../model/instance.ts';
import { parseJson } from '../../model/jsonText.ts';
import type { PlanningOptions } from '../../model/options.ts';
import { validatePlan } from '../../model/validatePlan.ts';
import { resolveOptions, resolveSolve } from '../../planner/resolveSolve.ts';
import type { SolveOptions } from '../../planner/solveOptions.ts';
import { counted, exactDollars } from '../../report/numberText.ts';
import { planReport } from '../../report/planReport.ts';
import { instanceLine, optionsLine } from '../../report/solveReport.ts';
import { exitCodes } from '../exitCodes.ts';
import { readFileAs, readInstance } from '../files.ts';
import { type CliCommand, jsonFlag } from '../flags.ts';
import { addOptionFlags, givenOptions, inFlags, problemOptions } from '../optionFlags.ts';
import type { CommandContext, Terminal } from '../terminal.ts';

/**
 * A claimed total cost may differ from the recomputed one by this much relatively: plans in files carry six digits or
 * more.
 */
const claimedCostTolerance = 1e-6;

const examples = `
Examples:
  rolla verify reference.json plan.json --preset reference
  rolla solve reference.json --json | rolla verify reference.json -

The plan is a rolla-plan/1, or a rolla-result/1 with a plan: then its options are the default, and its cost is checked too.
Exit code 0: the plan holds; 3: it violates something; 2: bad input.`;

export function addVerifyCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('verify')
    .summary('check a plan against an instance')
    .description('Recompute the cost and every constraint of a plan from the instance alone.')
    .argument('<instance>', 'rolla-instance/1 or rolla-fleet/1 file')
    .argument('<plan>', 'rolla-plan/1 or rolla-result/1 file; - reads stdin (one of the two)');
  addOptionFlags(command, problemOptions)
    .addFlags(jsonFlag('print the verification as JSON'))
    .addHelpText('after', examples)
    .action(async (instancePath: string, planPath: string, flags: Readonly<Record<string, unknown>>) => {
      const instance = await readInstance(instancePath, terminal);
      const given = givenOptions(flags, problemOptions);
      inFlags(() => resolveSolve(instance, given));
      const candidate = await readCandidate(planPath, instance, given, terminal);
      resolveSolve(instance, candidate.options);
      const verification = checkPlan(instance, candidate.options, candidate.plan);
      const claimHolds = isClaimTrue(candidate.claimedCost, verification);
      terminal.out(
        flags.json
          ? `${JSON.stringify({ format: 'rolla-verification/1', options: candidate.options, ...verification }, null, 1)}\n`
          : reportText(instance, candidate, verification, claimHolds),
      );
      finish(verification.ok && claimHolds ? exitCodes.ok : exitCodes.infeasible);
    });
}

interface Candidate {
  readonly plan: Plan;
  readonly options: PlanningOptions;
  /** Total cost that a result claims for its plan; null for a bare plan. */
  readonly claimedCost: number | null;
}

function readCandidate(path: string, instance: Instance, flags: SolveOptions, terminal: Terminal): Promise<Candidate> {
  return readFileAs(path, terminal, (text) => {
    const data = parseJson(text);
    if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== 'rolla-result/1') {
      return { plan: validatePlan(data, instance), options: resolveOptions(flags), claimedCost: null };
    }
    const { plan, options, cost } = data as { plan?: unknown; options?: unknown; cost?: unknown };
    const plain = (name: string, value: unknown, expected: string) => {
      if (typeof value !== 'object' || value === null) {
        throw new InputError([{ path: name, value: showValue(value), expected }]);
      }
      return value;
    };
    const claimed = plain('cost', cost, 'the cost of the plan') as { total?: unknown };
    if (typeof claimed.total !== 'number') {
      throw new InputError([{ path: 'cost.total', value: showValue(claimed.total), expected: 'a number' }]);
    }
    const ownOptions = flags.preset === undefined ? plain('options', options, 'the options of the result') : {};
    return {
      plan: validatePlan(plain('plan', plan, 'a rolla-plan/1'), instance),
      options: resolveOptions({ ...ownOptions, ...flags }),
      claimedCost: claimed.total,
    };
  });
}

function isClaimTrue(claimed: number | null, { cost }: Verification): boolean {
  return claimed === null || Math.abs(claimed - cost.total) <= claimedCostTolerance * Math.max(1, Math.abs(cost.total));
}

function reportText(
  instance: Instance,
  { plan, options, claimedCost }: Candidate,
  verification: Verification,
  claimHolds: boolean,
): string {
  const { violations } = verification;
  const lines = [
    `Instance  ${instanceLine(instance)}`,
    `Options   ${optionsLine(options)}`,
    `Plan      ${violations.length === 0 ? 'holds every constraint' : `violates ${counted(violations.length, 'constraint')}`}`,
    `Cost      $ ${exactDollars(verification.cost.total)}`,
  ];
  if (!claimHolds) lines.push(`CLAIM     the result says $ ${exactDollars(claimedCost)}, which is not the plan's cost`);
  return `${lines.join('\n')}\n\n${planReport(instance, options, plan, verification)}\n`;
}
