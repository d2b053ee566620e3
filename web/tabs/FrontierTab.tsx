/** Cost against a limit, or against GPUs: each point is drawn as soon as it is proven. */
import { useState } from 'preact/hooks';
import { factors, findFactor } from '../../src/analysis/factors.ts';
import { tighterOf } from '../../src/analysis/tighterValues.ts';
import { frontierPicture } from '../../src/report/frontierPicture.ts';
import { frontierTable } from '../../src/report/frontierReport.ts';
import { htmlLayout } from '../../src/report/layout.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { Markup } from '../parts/Markup.tsx';
import { TaskLine } from '../parts/TaskLine.tsx';
import { useTask } from '../parts/useTask.ts';
import { useWidth } from '../parts/useWidth.ts';
import { analysisOnly, frontierCommand } from '../state/commandLine.ts';
import type { Solved } from '../state/planner.ts';

const numericFactors = factors.filter((factor) => factor.accepts(0.5) || factor.accepts(1));
const countsGpus = 'gpus';
const usualPoints = 12;
/** Values to begin with, where multiples of what is given are not what the factor takes. */
const usualRanges: Readonly<Record<string, readonly [number, number]>> = {
  gamma: [0, 2],
  'gamma-delay': [0, 2],
  'gamma-error': [0, 2],
  'unmet-cap': [0, 0.2],
  'unmet-cap-per-rate': [0, 0.01],
  utilization: [0.5, 1],
  'cached-share': [0, 0.8],
  'memory-reserve': [0, 10],
  'min-replicas': [1, 5],
};
const rangeOf = (name: string) => usualRanges[name] ?? [0.5, 1.5];

export function FrontierTab({ solved }: { readonly solved: Solved }) {
  const { instance, options, file } = solved;
  const { isRunning, points, answer, failure, start, stop } = useTask('frontier', solved);
  const [name, setName] = useState(countsGpus);
  const [[least, most], setRange] = useState<readonly [number, number]>(rangeOf(countsGpus));
  const [count, setCount] = useState(usualPoints);
  const [asked, setAsked] = useState(name);
  const { element, width } = useWidth<HTMLDivElement>(480);
  const choose = (next: string) => {
    setName(next);
    setRange(rangeOf(next));
  };
  const values = name === countsGpus ? null : valuesBetween(name, least, most, count);
  const input = { instance, options: analysisOnly(options), factor: name, values, most: count };
  const begin = () => {
    setAsked(name);
    void start(input);
  };
  const shown = answer?.points ?? points;
  const { label } = findFactor(asked);
  const told = { label, tighter: tighterOf(asked, instance) };
  return (
    <div ref={element}>
      <p class="says">
        The least cost at each value of a limit, one proven point after another. A hollow point is dominated: a tighter
        value costs no more.
      </p>
      <div class="fields">
        <label class="field">
          <span>Cost over</span>
          <select value={name} onChange={(event) => choose(event.currentTarget.value)}>
            {numericFactors.map((factor) => (
              <option key={factor.name} value={factor.name}>
                {factor.name === countsGpus ? 'GPUs rented, one less each time' : factor.label}
              </option>
            ))}
          </select>
        </label>
        {name !== countsGpus && (
          <>
            <NumberField label="From" value={least} onValue={(value) => setRange([value, most])} />
            <NumberField label="To" value={most} onValue={(value) => setRange([least, value])} />
          </>
        )}
        <NumberField label="Points" value={count} onValue={(value) => setCount(Math.max(1, Math.round(value)))} />
      </div>
      <TaskLine does="Draw the frontier" isRunning={isRunning} failure={failure} onStart={begin} onStop={stop} />
      <CommandText command={frontierCommand(file, input)} />
      {shown.length > 0 && (
        <>
          <figure class="picture">
            <Markup html={frontierPicture(shown, told, Math.max(280, width))} />
          </figure>
          <Markup html={frontierTable(shown, label, htmlLayout)} />
        </>
      )}
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onValue: (value: number) => void;
}

function NumberField({ label, value, onValue }: NumberFieldProps) {
  const take = (text: string) => text.trim() !== '' && Number.isFinite(Number(text)) && onValue(Number(text));
  return (
    <label class="field">
      <span>{label}</span>
      <input type="number" step="any" value={value} onChange={(event) => take(event.currentTarget.value)} />
    </label>
  );
}

/** Evenly spread, without the noise of binary fractions; whole where the factor takes whole numbers alone. */
function valuesBetween(name: string, least: number, most: number, count: number): number[] {
  const isWhole = !findFactor(name).accepts(1.5);
  const values = Array.from({ length: count }, (_, t) => {
    const value = count === 1 ? least : least + (t / (count - 1)) * (most - least);
    return isWhole ? Math.round(value) : Number(value.toPrecision(6));
  });
  return [...new Set(values)];
}
