/** The plan against one that was pinned: what it takes to get from there to here. */
import { useMemo } from 'preact/hooks';
import { diffPlans } from '../../src/analysis/planDiff.ts';
import { InputError, issueText } from '../../src/input/inputError.ts';
import { visible } from '../../src/model/visibleText.ts';
import { htmlLayout } from '../../src/report/layout.ts';
import { dollars } from '../../src/report/numberText.ts';
import { planDiffReport } from '../../src/report/planDiffReport.ts';
import { Markup } from '../parts/Markup.tsx';
import { withValue } from '../state/draft.ts';
import type { PinnedPlan } from '../state/openFiles.ts';
import { type Solved, usePlanner } from '../state/planner.ts';

export function CompareTab({ solved }: { readonly solved: Solved }) {
  const { planner, state } = usePlanner('pinned');
  const { pinned } = state;
  const cost = solved.result.cost?.total ?? null;
  const name = `${solved.instance.name ?? 'plan'}, $ ${dollars(cost ?? 0)}`;
  return (
    <>
      <p class="says">Pin a plan, change the problem, solve again, and see what the change would take.</p>
      <p class="actions">
        <button
          type="button"
          disabled={solved.result.plan === null}
          onClick={() => planner.setPinned({ name, plan: solved.result.plan!, cost })}
        >
          Pin this plan
        </button>
        {pinned !== null && (
          <>
            <button type="button" onClick={() => planner.setPinned(null)}>
              Unpin
            </button>
            <button
              type="button"
              onClick={() =>
                planner.editData(
                  (data) => withValue(data, ['currentPlan'], pinned.plan) as Readonly<Record<string, unknown>>,
                )
              }
            >
              Plan from there
            </button>
          </>
        )}
      </p>
      {pinned === null ? (
        <p>No plan is pinned.</p>
      ) : (
        <Difference key={pinned.name} pinned={pinned} solved={solved} cost={cost} />
      )}
    </>
  );
}

interface DifferenceProps {
  readonly pinned: PinnedPlan;
  readonly solved: Solved;
  readonly cost: number | null;
}

function Difference({ pinned, solved, cost }: DifferenceProps) {
  const { instance, result } = solved;
  const report = useMemo(() => {
    if (result.plan === null) return { html: '', fault: 'There is no plan to compare with.' };
    try {
      return { html: planDiffReport(diffPlans(pinned.plan, result.plan, instance), htmlLayout), fault: null };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { html: '', fault: error.issues.map(issueText).join('\n') };
    }
  }, [pinned, solved]);
  const change = cost === null || pinned.cost === null ? null : cost - pinned.cost;
  return (
    <>
      <p>
        From <strong>{visible(pinned.name)}</strong>
        {change !== null && (
          <>
            {' '}
            to $ {dollars(cost!)}: {change < 0 ? '-' : '+'}$ {dollars(Math.abs(change))}
          </>
        )}
      </p>
      {report.fault === null ? <Markup html={report.html} /> : <p class="fault">{report.fault}</p>}
    </>
  );
}
