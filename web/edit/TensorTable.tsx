/** Delays, errors and residency of an instance: one table of models by tiers for the query type that is chosen. */
import { useState } from 'preact/hooks';
import { valueAt } from '../../src/model/looseData.ts';
import { visible } from '../../src/model/visibleText.ts';
import { namesOf, type Path } from '../state/draft.ts';
import { usePlanner } from '../state/planner.ts';
import { Cell } from './Cell.tsx';

const tensors: readonly { readonly title: string; readonly path: Path; readonly isByQueryType: boolean }[] = [
  { title: 'Delay, usual (ms per token)', path: ['delay', 'nominal'], isByQueryType: true },
  { title: 'Delay, largest deviation (ms per token)', path: ['delay', 'deviation'], isByQueryType: true },
  { title: 'Delay, relief of the deviation (of 1)', path: ['delay', 'relief'], isByQueryType: false },
  { title: 'Bad answers, usual (of 1)', path: ['error', 'nominal'], isByQueryType: true },
  { title: 'Bad answers, largest deviation (of 1)', path: ['error', 'deviation'], isByQueryType: true },
  { title: 'Bad answers, relief of the deviation (of 1)', path: ['error', 'relief'], isByQueryType: false },
  { title: 'Residency of the cache (h)', path: ['residency'], isByQueryType: true },
];

export function TensorTables() {
  const { state } = usePlanner('draft');
  const { data } = state.draft;
  const [chosen, choose] = useState(0);
  const [query, chooseQuery] = useState(0);
  const present = tensors.filter(({ path }) => Array.isArray(valueAt(data, path)));
  if (present.length === 0) return null;
  const { path, isByQueryType } = present[Math.min(chosen, present.length - 1)];
  const queries = namesOf(data, 'queryTypes');
  const models = namesOf(data, 'models');
  const tiers = namesOf(data, 'tiers');
  const at = Math.min(query, queries.length - 1);
  const base = isByQueryType ? [...path, at] : path;
  return (
    <details class="section" open>
      <summary>
        <h3>Tables by model and tier</h3> <span class="count">{present.length}</span>
      </summary>
      <p class="actions">
        <label>
          Table{' '}
          <select value={String(chosen)} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {present.map(({ title }, position) => (
              <option key={title} value={position}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {isByQueryType && (
          <label>
            for{' '}
            <select value={String(at)} onChange={(event) => chooseQuery(Number(event.currentTarget.value))}>
              {queries.map((name, position) => (
                <option key={`${position} ${name}`} value={position}>
                  {visible(name)}
                </option>
              ))}
            </select>
          </label>
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Values by model and tier">
        <table class="edit">
          <thead>
            <tr>
              <th scope="col">Model</th>
              {tiers.map((name, k) => (
                <th scope="col" key={`${k} ${name}`}>
                  {visible(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {models.map((model, j) => (
              <tr key={`${j} ${model}`}>
                <th scope="row">{visible(model)}</th>
                {tiers.map((tier, k) => (
                  <td key={`${k} ${tier}`} class="amount">
                    <Cell
                      path={[...base, j, k]}
                      column={{ kind: 'amount' }}
                      label={`${visible(model)} on ${visible(tier)}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
