/**
 * Picks what to branch on: the first class of the order that has candidates, then the rule's choice inside it
 * (plugins/branchingRules.ts). What its trials prove of the children is left on them.
 */

import { branchingRuleOf } from './plugins/branchingRules.ts';
import { type BranchingContext, calling, type Plugin, PluginError } from './plugins/plugin.ts';
import type { BranchingCandidate, ChildKnowledge } from './relaxation.ts';

export interface BranchingChoice<Decision, WarmStart> {
  readonly candidate: BranchingCandidate<Decision>;
  readonly down: ChildKnowledge<WarmStart>;
  readonly up: ChildKnowledge<WarmStart>;
}

export interface BranchingSituation<Decision, WarmStart> extends BranchingContext<Decision, WarmStart> {
  readonly strategy: BranchingContext<Decision, WarmStart>['strategy'] & {
    readonly branchingRule: string;
    readonly plugins: readonly Plugin[];
  };
  /** All classes in their order. */
  readonly classOrder: readonly string[];
}

/** Chooses among candidates (not empty). */
export function chooseBranching<Decision, WarmStart>(
  candidates: readonly BranchingCandidate<Decision>[],
  context: BranchingSituation<Decision, WarmStart>,
): BranchingChoice<Decision, WarmStart> {
  const eligible = firstClass(candidates, context.classOrder);
  const { nodeBound, probe } = context;
  const known = new Map<Decision, ChildKnowledge<WarmStart>>();
  const remembered =
    probe === null
      ? null
      : (child: Decision) => {
          const found = probe(child);
          if (found !== null) known.set(child, found);
          return found;
        };
  const rule = branchingRuleOf(context.strategy);
  const candidate = calling(rule, () => rule.choose(eligible, { ...context, probe: remembered }));
  if (!eligible.includes(candidate)) throw new PluginError(rule, 'choose gave none of the candidates');
  // Of children that were not tried only the node's bound is known.
  const untried = { bound: nodeBound };
  const [down, up] = [known.get(candidate.down), known.get(candidate.up)];
  if (down === undefined || up === undefined) return { candidate, down: untried, up: untried };
  return { candidate, down, up };
}

function firstClass<Decision>(
  candidates: readonly BranchingCandidate<Decision>[],
  classOrder: readonly string[],
): readonly BranchingCandidate<Decision>[] {
  for (const name of classOrder) {
    const members = candidates.filter((candidate) => candidate.branchingClass === name);
    if (members.length > 0) return members;
  }
  return candidates;
}
