/** `rolla import solution`: another solver's solution of an exported program as a plan. */
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs, readInstance } from '../files.ts';
import { type CliCommand, type Flags, forceFlag, onlyOutput } from '../flags.ts';
import { addOptionFlags, givenOptions, inFlags, problemOptions } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';
import { programFlags } from './export.ts';

interface SolutionFlags {
  readonly formulation: 'published' | 'strengthened';
  readonly robust: 'projected' | 'dual';
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla export fleet.yaml -o fleet.mps
  cbc fleet.mps solve solution fleet.sol
  rolla import solution fleet.yaml fleet.sol -o plan.json

Files of HiGHS (raw style), SCIP, CBC, Gurobi (.sol) and GLPK (--write). Options and program must be those of the export.
Exit code 0: the plan holds every constraint and is written; 3: it violates something, nothing is written; 2: bad input.`;

export function addSolutionCommand(importCommand: CliCommand, { terminal, finish }: CommandContext): void {
  const command = importCommand
    .command('solution')
    .summary('a plan from a solution of an exported program')
    .description(
      'Write the plan (rolla-plan/1) of a solution that another solver found for the program of rolla export.',
    )
    .argument('<instance>', 'rolla-instance/1 or rolla-fleet/1 file')
    .argument('<solution>', 'solution file; - reads stdin (one of the two)');
  addOptionFlags(command, problemOptions)
    .addFlags({ ...programFlags, ...onlyOutput, ...forceFlag })
    .addHelpText('after', examples)
    .action(async (instancePath: string, solutionPath: string, flags: SolutionFlags & Flags) => {
      const instance = await readInstance(instancePath, terminal);
      const options = givenOptions(flags, problemOptions);
      inFlags(() => resolveSolve(instance, options));
      const [{ readSolutionFile }, { planOfSolution }] = await Promise.all([
        import('../../lp/files/solutionReader.ts'),
        import('../../planner/planOfSolution.ts'),
      ]);
      const { plan, verification, otherObjective, solver, status } = await readFileAs(
        solutionPath,
        terminal,
        (text) => {
          const solution = readSolutionFile(text);
          return { ...planOfSolution(instance, options, flags, solution), ...solution };
        },
      );
      const { ok, cost, violations } = verification;
      terminal.err(
        `read: a solution of ${solver}${status === null ? '' : `, ${status}`}; the plan costs $ ${cost.total}\n`,
      );
      if (otherObjective !== null)
        terminal.err(`check: the file says ${otherObjective}, which is not the plan's cost\n`);
      if (!ok) {
        for (const { group, subject, left, limit } of violations)
          terminal.err(`rolla: the plan violates ${group} of ${subject}: ${left} against ${limit}\n`);
        finish(exitCodes.infeasible);
        return;
      }
      const files = new OutputFiles(terminal, flags);
      files.write(flags.output, `${JSON.stringify(plan, null, 1)}\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}
