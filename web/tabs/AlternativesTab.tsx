/** The next best plans, each without something that every plan before it rents, as they are proven. */
import { useState } from 'preact/hooks';
import { type DifferIn, waysToDiffer } from '../../src/planner/alternativesResult.ts';
import { alternativesTable, statusText } from '../../src/report/alternativesReport.ts';
import { htmlLayout } from '../../src/report/layout.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { Markup } from '../parts/Markup.tsx';
import { TaskLine } from '../parts/TaskLine.tsx';
import { useTask } from '../parts/useTask.ts';
import { alternativesCommand } from '../state/commandLine.ts';
import type { Solved } from '../state/planner.ts';

const wayNames: Readonly<Record<DifferIn, string>> = {
  deployment: 'a model on a tier',
  configuration: 'a model on a tier with its degrees',
  tier: 'a tier',
};

export function AlternativesTab({ solved }: { readonly solved: Solved }) {
  const { instance, options, file } = solved;
  const { isRunning, points, answer, failure, start, stop } = useTask('alternatives', solved);
  const [differIn, setDifferIn] = useState<DifferIn>('deployment');
  const [count, setCount] = useState(5);
  const input = { instance, options, count, differIn };
  const plans = answer?.alternatives ?? points;
  return (
    <>
      <p class="says">
        The next best plans: each does without something that each plan before it rents, and none that is better was
        left out.
      </p>
      <div class="fields">
        <label class="field">
          <span>Do without</span>
          <select value={differIn} onChange={(event) => setDifferIn(event.currentTarget.value as DifferIn)}>
            {waysToDiffer.map((way) => (
              <option key={way} value={way}>
                {wayNames[way]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Plans</span>
          <select value={String(count)} onChange={(event) => setCount(Number(event.currentTarget.value))}>
            {[3, 5, 10, 20].map((most) => (
              <option key={most} value={most}>
                {most}
              </option>
            ))}
          </select>
        </label>
      </div>
      <TaskLine
        does="Find alternatives"
        isRunning={isRunning}
        failure={failure}
        onStart={() => void start(input)}
        onStop={stop}
      />
      <CommandText command={alternativesCommand(file, input)} />
      {answer !== null && <p>Status: {statusText(answer.status)}</p>}
      {plans.length > 0 && <Markup class="wordy" html={alternativesTable(plans, htmlLayout)} />}
    </>
  );
}
