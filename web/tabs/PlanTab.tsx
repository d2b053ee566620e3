/** The plan: what it costs and how sure that is, its picture, and every table of the report. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { htmlLayout } from '../../src/report/layout.ts';
import { dollars, percent, quantity, seconds } from '../../src/report/numberText.ts';
import { costBars, limitBars } from '../../src/report/planBars.ts';
import { flowPicture } from '../../src/report/planFlow.ts';
import { planReport } from '../../src/report/planReport.ts';
import { lazyView } from '../parts/lazyView.tsx';
import { Markup } from '../parts/Markup.tsx';
import { useWidth } from '../parts/useWidth.ts';
import type { Solved } from '../state/planner.ts';

const WhyInfeasible = lazyView(async () => (await import('./WhyTab.tsx')).WhyInfeasible);

export function PlanTab({ solved }: { readonly solved: Solved }) {
  const { instance, result } = solved;
  const { plan, cost, options } = result;
  const { element, width } = useWidth<HTMLDivElement>(480);
  const tablesElement = useOpenInPrint();
  const verification = useMemo(() => (plan === null ? null : checkPlan(instance, options, plan)), [solved]);
  const tables = useMemo(
    () => (verification === null ? '' : planReport(instance, options, plan!, verification, htmlLayout)),
    [verification],
  );
  return (
    <div ref={element}>
      <Headline solved={solved} />
      {result.status === 'infeasible' && <WhyInfeasible solved={solved} />}
      {plan !== null && verification !== null && (
        <>
          <figure class="picture">
            <Markup html={flowPicture(instance, plan, Math.max(280, width))} />
          </figure>
          <div class="columns">
            <section>
              <h3>What it costs</h3>
              <p class="says">
                $ {dollars(cost!.total)} over {quantity(instance.rentalPeriod)} h
              </p>
              <Markup html={costBars(cost!)} />
            </section>
            <section>
              <h3>How far limits are used</h3>
              <Markup html={limitBars(verification.constraints, 12)} />
            </section>
          </div>
          <details class="section" ref={tablesElement}>
            <summary>
              <h3>All tables</h3>
            </summary>
            <Markup html={tables} />
          </details>
        </>
      )}
    </div>
  );
}

/** Details that are open on paper, whatever they are on the screen. */
function useOpenInPrint() {
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    let wasOpen = false;
    const open = () => {
      if (element.current === null) return;
      wasOpen = element.current.open;
      element.current.open = true;
    };
    const restore = () => {
      if (element.current !== null) element.current.open = wasOpen;
    };
    addEventListener('beforeprint', open);
    addEventListener('afterprint', restore);
    return () => {
      removeEventListener('beforeprint', open);
      removeEventListener('afterprint', restore);
    };
  }, []);
  return element;
}

function Headline({ solved: { instance, result } }: { readonly solved: Solved }) {
  const { status, cost, bound, gap, nodes } = result;
  const work = `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${seconds(result.seconds)}`;
  if (status === 'infeasible') {
    return (
      <p class="headline bad">
        <strong>No plan keeps every limit</strong> <span>proven; {work}</span>
      </p>
    );
  }
  if (cost === null) {
    return (
      <p class="headline">
        <strong>No plan found yet</strong>{' '}
        <span>
          {status}; {work}
        </span>
      </p>
    );
  }
  const perHour = cost.total / instance.rentalPeriod;
  return (
    <p class={status === 'optimal' ? 'headline good' : 'headline'}>
      <strong>$ {dollars(cost.total)}</strong>{' '}
      <span>
        {result.options.penalties === 'per-period' && `$ ${dollars(perHour)} per hour; `}
        {status === 'optimal'
          ? `proven cheapest (gap ${percent(gap)})`
          : `best so far (${status}); at least $ ${bound === null ? '-' : dollars(bound)} is needed, gap ${percent(gap)}`}
        ; {work}
      </span>
    </p>
  );
}
