/** The right side: tabs about the last solve. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { lazyView } from './parts/lazyView.tsx';
import { type Solved, usePlanner } from './state/planner.ts';
import { PlanTab } from './tabs/PlanTab.tsx';

/** The plan is loaded with the page, the rest when it is asked for. */
const tabs: readonly { readonly title: string; readonly View: ComponentType<{ readonly solved: Solved }> }[] = [
  { title: 'Plan', View: PlanTab },
  { title: 'Why', View: lazyView(async () => (await import('./tabs/WhyTab.tsx')).WhyTab) },
  { title: 'Robustness', View: lazyView(async () => (await import('./tabs/RobustnessTab.tsx')).RobustnessTab) },
  { title: 'Frontier', View: lazyView(async () => (await import('./tabs/FrontierTab.tsx')).FrontierTab) },
  { title: 'Alternatives', View: lazyView(async () => (await import('./tabs/AlternativesTab.tsx')).AlternativesTab) },
  { title: 'Compare', View: lazyView(async () => (await import('./tabs/CompareTab.tsx')).CompareTab) },
  { title: 'Proof', View: lazyView(async () => (await import('./tabs/ProofTab.tsx')).ProofTab) },
  { title: 'Deploy', View: lazyView(async () => (await import('./tabs/DeployTab.tsx')).DeployTab) },
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

/**
 * Tabs by the pattern of WAI-ARIA: arrows move, one is in the order of the Tab key. A tab that was looked at stays: what
 * it computes goes on while others are read.
 */
function Tabs({ solved }: { readonly solved: Solved }) {
  const [chosen, choose] = useState(0);
  const [visited, visit] = useState<ReadonlySet<number>>(new Set([0]));
  const list = useRef<HTMLDivElement>(null);
  const show = (position: number) => {
    visit((before) => new Set([...before, position]));
    choose(position);
  };
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
    show(next);
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
            aria-controls={visited.has(position) ? `tab-panel-${position}` : undefined}
            tabIndex={position === chosen ? 0 : -1}
            onClick={() => show(position)}
            onKeyDown={move}
          >
            {title}
          </button>
        ))}
      </div>
      {tabs.map(
        ({ title, View }, position) =>
          visited.has(position) && (
            <div
              key={title}
              class="tab-panel"
              role="tabpanel"
              id={`tab-panel-${position}`}
              aria-labelledby={`tab-${position}`}
              hidden={position !== chosen}
            >
              <View solved={solved} />
            </div>
          ),
      )}
    </>
  );
}
