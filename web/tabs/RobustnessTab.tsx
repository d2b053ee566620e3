/** What it costs to be safe: plans for more and more values at their worst, and how often each one's limits break. */
import { useState } from 'preact/hooks';
import type { RobustnessPoint } from '../../src/analysis/priceOfRobustness.ts';
import { type DrawDistribution, drawDistributions } from '../../src/analysis/stress.ts';
import { htmlLayout } from '../../src/report/layout.ts';
import { percent } from '../../src/report/numberText.ts';
import { robustnessTable } from '../../src/report/robustnessReport.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { Markup } from '../parts/Markup.tsx';
import { TaskLine } from '../parts/TaskLine.tsx';
import { useTask } from '../parts/useTask.ts';
import { useWidth } from '../parts/useWidth.ts';
import { analysisOnly, robustnessCommand } from '../state/commandLine.ts';
import type { Solved } from '../state/planner.ts';

const distributionNames: Readonly<Record<DrawDistribution, string>> = {
  uniform: 'evenly up to the worst',
  triangular: 'mostly near the usual',
  'two-point': 'seldom, but then at the worst',
  symmetric: 'better as often as worse',
  'heavy-tail': 'sometimes beyond the worst',
};

/** Steps from 0 to the largest Gamma. */
const gammasUpTo = (most: number) => [0, 0.25, 0.5, 0.75, 1].map((part) => part * most);

export function RobustnessTab({ solved }: { readonly solved: Solved }) {
  const { instance, options, file } = solved;
  const { isRunning, points, failure, start, stop } = useTask('robustness', solved);
  const [most, setMost] = useState(2);
  const [draws, setDraws] = useState(2000);
  const [distribution, setDistribution] = useState<DrawDistribution>('uniform');
  const asked = { gammas: gammasUpTo(most), distributions: [distribution], draws };
  const input = { instance, options: analysisOnly(options), ...asked };
  return (
    <>
      <p class="says">
        Each plan is made for up to Γ values at their worst at once, then latencies and errors are drawn many times: the
        price is what it costs over planning for usual values.
      </p>
      <div class="fields">
        <label class="field">
          <span>
            Γ up to <output>{most}</output>
          </span>
          <input
            type="range"
            min="1"
            max={Math.max(4, 2 * instance.queryTypes.length)}
            step="1"
            value={most}
            onInput={(event) => setMost(Number(event.currentTarget.value))}
          />
        </label>
        <label class="field">
          <span>Drawn</span>
          <select
            value={distribution}
            onChange={(event) => setDistribution(event.currentTarget.value as DrawDistribution)}
          >
            {drawDistributions.map((name) => (
              <option key={name} value={name}>
                {distributionNames[name]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Draws</span>
          <select value={String(draws)} onChange={(event) => setDraws(Number(event.currentTarget.value))}>
            {[500, 2000, 10_000].map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
      </div>
      <TaskLine
        does="Price robustness"
        isRunning={isRunning}
        failure={failure}
        onStart={() => void start(input)}
        onStop={stop}
      />
      <CommandText command={robustnessCommand(file, input)} />
      {points.length > 0 && (
        <>
          <RobustnessPicture points={points} />
          <Markup html={robustnessTable(points, htmlLayout)} />
        </>
      )}
    </>
  );
}

const height = 200;
const margin = { top: 14, right: 54, bottom: 34, left: 54 };

/** Price (left scale) and share of draws in which a limit breaks (right scale), over Gamma. */
function RobustnessPicture({ points }: { readonly points: readonly RobustnessPoint[] }) {
  const { element, width } = useWidth<HTMLDivElement>(480);
  const shown = points.filter(({ price, stress }) => price !== null && stress.length > 0);
  const inside = height - margin.top - margin.bottom;
  const mostPrice = Math.max(...shown.map(({ price }) => price!), 0.01);
  const mostBroken = Math.max(...shown.map(({ stress }) => stress[0].anyViolation.high), 0.05);
  const x = (at: number) =>
    margin.left + (shown.length < 2 ? 0 : (at / (shown.length - 1)) * (width - margin.left - margin.right));
  const y = (share: number) => margin.top + (1 - share) * inside;
  const line = (value: (point: RobustnessPoint) => number) =>
    shown.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(value(point)).toFixed(1)}`).join('');
  return (
    <figure class="picture" ref={element as never}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Price of robustness and broken limits over Gamma; the values are in the table below"
      >
        <line class="axis" x1={margin.left} x2={width - margin.right} y1={y(0)} y2={y(0)} />
        <path class="line cost" d={line(({ price }) => price! / mostPrice)} />
        <path class="line broken" d={line(({ stress }) => stress[0].anyViolation.rate / mostBroken)} />
        {shown.map(({ gamma, price, stress }, at) => (
          <g key={String(gamma)}>
            <circle class="cost" cx={x(at)} cy={y(price! / mostPrice)} r="3.5" />
            <line
              class="line broken"
              x1={x(at)}
              x2={x(at)}
              y1={y(stress[0].anyViolation.low / mostBroken)}
              y2={y(stress[0].anyViolation.high / mostBroken)}
            />
            <circle class="broken" cx={x(at)} cy={y(stress[0].anyViolation.rate / mostBroken)} r="3.5" />
            <text x={x(at)} y={height - margin.bottom + 16} text-anchor="middle">
              {gamma === null ? 'usual' : gamma}
            </text>
          </g>
        ))}
        <text class="cost" x={margin.left - 6} y={y(1) + 4} text-anchor="end">
          {percent(mostPrice)}
        </text>
        <text class="broken" x={width - margin.right + 6} y={y(1) + 4}>
          {percent(mostBroken)}
        </text>
        <text x={width / 2} y={height - 4} text-anchor="middle">
          Γ
        </text>
      </svg>
      <figcaption>
        <span class="key cost">price</span> <span class="key broken">draws with a broken limit</span>
      </figcaption>
    </figure>
  );
}
