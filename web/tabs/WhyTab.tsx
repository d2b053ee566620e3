/** What limits the plan and what a little more is worth; or why there is none, and what would help. */
import { useEffect } from 'preact/hooks';
import type { FeasibleExplanation, InfeasibleExplanation } from '../../src/explain/index.ts';
import { visible } from '../../src/model/visibleText.ts';
import { dollars, percent, quantity } from '../../src/report/numberText.ts';
import { fullUse, limitNames } from '../../src/report/planBars.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { TaskLine } from '../parts/TaskLine.tsx';
import { useTask } from '../parts/useTask.ts';
import { analysisOnly, explainCommand } from '../state/commandLine.ts';
import type { Solved } from '../state/planner.ts';

/** Rows of limits with room that are listed. */
const mostSlack = 15;

export function WhyTab({ solved }: { readonly solved: Solved }) {
  const { isRunning, answer, failure, start, stop } = useTask('explain', solved);
  const { instance, options, result, file } = solved;
  const input = { instance, options: analysisOnly(options) };
  if (result.status === 'infeasible') return <WhyInfeasible solved={solved} />;
  return (
    <>
      <p class="says">
        Which limits the best plan runs into, and what one more of each would save, found by solving again with it.
      </p>
      <TaskLine
        does="Find what binds"
        isRunning={isRunning}
        failure={failure}
        onStart={() => void start(input)}
        onStop={stop}
      />
      <CommandText command={explainCommand(file, input)} />
      {answer?.status === 'feasible' && <Worth explanation={answer} />}
    </>
  );
}

function Worth({ explanation }: { readonly explanation: FeasibleExplanation }) {
  const { binding, slack, worth, barriers, isComplete } = explanation;
  return (
    <>
      <h3>What one more is worth</h3>
      {worth.length === 0 && <p>Nothing is used enough to ask.</p>}
      <ul class="worth">
        {worth.map(({ text, saved, isProven }) => (
          <li key={text} class={saved > 0 ? 'good' : ''}>
            {visible(text)}
            {isProven ? '' : ' (not proven)'}
          </li>
        ))}
      </ul>
      {barriers.length > 0 && (
        <>
          <h3>Limits that keep a cheaper plan out</h3>
          <ul class="worth">
            {barriers.map(({ text, isProven }) => (
              <li key={text} class="good">
                {visible(text)}
                {isProven ? '' : ' (not proven)'}
              </li>
            ))}
          </ul>
        </>
      )}
      {!isComplete && <p class="warning">Time ran out before everything was valued.</p>}
      <h3>What binds</h3>
      {binding.length === 0 ? (
        <p>Nothing: GPUs come whole, and the plan has some room everywhere.</p>
      ) : (
        <Rows rows={binding} />
      )}
      <h3>With room, the tightest first</h3>
      <Rows rows={slack.slice(0, mostSlack)} />
    </>
  );
}

function Rows({ rows }: { readonly rows: FeasibleExplanation['binding'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section class="scroll" tabIndex={0} aria-label="Limits">
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">
              Limit
            </th>
            <th scope="col">Used</th>
            <th scope="col">Of</th>
            <th scope="col" class="text">
              Unit
            </th>
            <th scope="col">Use</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ group, subject, left, limit, unit, use }) => (
            <tr key={`${group} ${subject}`} class={use !== null && use > fullUse ? 'full' : ''}>
              <td class="text">
                {limitNames[group] ?? group}: {visible(subject)}
              </td>
              <td>{quantity(left)}</td>
              <td>{quantity(limit)}</td>
              <td class="text">{unit}</td>
              <td>{percent(use)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Asked for as soon as there is no plan: that is what a person wants to know then. */
export function WhyInfeasible({ solved }: { readonly solved: Solved }) {
  const { isRunning, answer, failure, start, stop } = useTask('explain', solved);
  const { instance, options, file } = solved;
  const input = { instance, options: analysisOnly(options) };
  useEffect(() => {
    void start(input);
  }, [solved]);
  return (
    <>
      <TaskLine
        does="Explain again"
        isRunning={isRunning}
        failure={failure}
        onStart={() => void start(input)}
        onStop={stop}
      />
      <CommandText command={explainCommand(file, input)} />
      {answer?.status === 'infeasible' && <Conflict explanation={answer} />}
    </>
  );
}

function Conflict({ explanation }: { readonly explanation: InfeasibleExplanation }) {
  const { conflict, given, alone, together, isComplete } = explanation;
  const requirement = ({ name, value, unit, path }: InfeasibleExplanation['conflict'][number]) => (
    <li key={path}>
      {visible(name)}
      {value === null ? '' : ` of ${unit === '$' ? `$ ${dollars(value)}` : `${quantity(value)} ${unit}`}`}
    </li>
  );
  return (
    <>
      <h3>These limits contradict each other</h3>
      <ul>{conflict.map(requirement)}</ul>
      {given.length > 0 && (
        <>
          <h4>given this hardware</h4>
          <ul>{given.map(requirement)}</ul>
        </>
      )}
      <h3>What would help</h3>
      {alone.length > 0 && (
        <>
          <p class="says">Any one of these is enough:</p>
          <ul class="worth">
            {alone.map(({ text, isLeast }) => (
              <li class="good" key={text}>
                {visible(text)}
                {isLeast ? '' : ' (perhaps less will do)'}
              </li>
            ))}
          </ul>
        </>
      )}
      {together !== null && (
        <>
          <p class="says">{alone.length > 0 ? 'So do all of these together:' : 'All of these together:'}</p>
          <ul class="worth">
            {together.map(({ text }) => (
              <li key={text}>{visible(text)}</li>
            ))}
          </ul>
        </>
      )}
      {alone.length === 0 && together === null && <p>No change of single values was found that makes it feasible.</p>}
      {!isComplete && <p class="warning">Time ran out before everything was tried.</p>}
    </>
  );
}
