/** The right side: tabs about the last solve. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Solved, usePlanner } from './state/planner.ts';
import { AlternativesTab } from './tabs/AlternativesTab.tsx';
import { CompareTab } from './tabs/CompareTab.tsx';
import { DeployTab } from './tabs/DeployTab.tsx';
import { FrontierTab } from './tabs/FrontierTab.tsx';
import { PlanTab } from './tabs/PlanTab.tsx';
import { ProofTab } from './tabs/ProofTab.tsx';
import { RobustnessTab } from './tabs/RobustnessTab.tsx';
import { WhyTab } from './tabs/WhyTab.tsx';

const tabs: readonly { readonly title: string; readonly View: ComponentType<{ readonly solved: Solved }> }[] = [
  { title: 'Plan', View: PlanTab },
  { title: 'Why', View: WhyTab },
  { title: 'Robustness', View: RobustnessTab },
  { title: 'Frontier', View: FrontierTab },
  { title: 'Alternatives', View: AlternativesTab },
  { title: 'Compare', View: CompareTab },
  { title: 'Proof', View: ProofTab },
  { title: 'Deploy', View: DeployTab },
];

/** As in the style: panels side by side. */
const sideBySide = '(min-width: 1000px)';

export function ResultPanel() {
  const { state } = usePlanner('solved', 'isStale');
  const { solved } = state;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the panels lie one below the other the plan is out of sight.
    if (solved !== null && !matchMedia(sideBySide).matches) panel.current?.scrollIntoView();
  }, [solved]);
  return (
    <section class="panel result" ref={panel} aria-labelledby="result-heading">
      <h2 id="result-heading">The plan</h2>
      {solved === null ? (
        <p class="says">
          Press Solve: the cheapest plan that keeps every limit comes here, with the proof that nothing cheaper exists.
          Everything is computed in this page; nothing is sent anywhere.
        </p>
      ) : (
        <div class={state.isStale ? 'stale' : ''}>
          {state.isStale && <p class="warning">This is of the problem before the last changes.</p>}
          <Tabs solved={solved} />
        </div>
      )}
    </section>
  );
}

/** Tabs by the pattern of WAI-ARIA: arrows move, one is in the order of the Tab key. */
function Tabs({ solved }: { readonly solved: Solved }) {
  const [chosen, choose] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { View } = tabs[chosen];
  const move = (event: KeyboardEvent) => {
    const ends: Readonly<Record<string, number>> = {
      ArrowRight: (chosen + 1) % tabs.length,
      ArrowLeft: (chosen + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = ends[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="About the plan" ref={list}>
        {tabs.map(({ title }, position) => (
          <button
            key={title}
            type="button"
            role="tab"
            id={`tab-${position}`}
            aria-selected={position === chosen}
            aria-controls="tab-panel"
            tabIndex={position === chosen ? 0 : -1}
            onClick={() => choose(position)}
            onKeyDown={move}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${chosen}`}>
        <View solved={solved} />
      </div>
    </>
  );
}
