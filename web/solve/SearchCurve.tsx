/** Bound and cost over the time of a solve, as steps: the distance between them is what is not proven yet. */
import { relativeGapOf } from '../../src/bnb/progress.ts';
import { dollars, percent, seconds as secondsText } from '../../src/report/numberText.ts';
import { useWidth } from '../parts/useWidth.ts';
import type { CurvePoint } from '../state/planner.ts';

const height = 150;
const margin = { top: 12, right: 8, bottom: 22, left: 8 };

export function SearchCurve({ points }: { readonly points: readonly CurvePoint[] }) {
  const { element, width } = useWidth<HTMLDivElement>(260);
  const last = points.at(-1);
  const cost = last?.cost ?? null;
  return (
    <div class="curve" ref={element}>
      {last !== undefined && cost !== null && <Curve points={points} width={width} cost={cost} last={last} />}
    </div>
  );
}

interface CurveProps {
  readonly points: readonly CurvePoint[];
  readonly width: number;
  readonly cost: number;
  readonly last: CurvePoint;
}

function Curve({ points, width, cost, last }: CurveProps) {
  const costs = points.flatMap((point) => (point.cost === null ? [] : [point.cost]));
  const bounds = points.flatMap((point) => (point.bound === null ? [] : [point.bound]));
  // Early bounds and costs may be far away: the half that came last says what the scale is.
  const recent = [...costs.slice(Math.floor(costs.length / 2)), ...bounds.slice(Math.floor(bounds.length / 2))];
  const low = Math.min(...recent);
  const high = Math.max(...recent, low + Math.max(1e-9, Math.abs(low) * 1e-6));
  const end = Math.max(last.seconds, 1e-3);
  const x = (at: number) => margin.left + (at / end) * (width - margin.left - margin.right);
  const inside = height - margin.top - margin.bottom;
  const y = (value: number) => margin.top + (1 - Math.min(1, Math.max(0, (value - low) / (high - low)))) * inside;
  const steps = (pick: (point: CurvePoint) => number | null) => {
    let path = '';
    let before: number | null = null;
    for (const point of points) {
      const value = pick(point);
      if (value === null) continue;
      const at = `${x(point.seconds).toFixed(1)}`;
      path += before === null ? `M${at},${y(value).toFixed(1)}` : `H${at}V${y(value).toFixed(1)}`;
      before = value;
    }
    return path;
  };
  const gap = relativeGapOf(cost, last.bound);
  const label = `Cost $ ${dollars(cost)}, bound $ ${last.bound === null ? 'none' : dollars(last.bound)}, gap ${percent(gap)}`;
  return (
    <figure>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <line
          class="axis"
          x1={margin.left}
          x2={width - margin.right}
          y1={height - margin.bottom}
          y2={height - margin.bottom}
        />
        <path class="line cost" d={steps((point) => point.cost)} />
        <path class="line bound" d={steps((point) => point.bound)} />
        <text x={margin.left} y={height - 6}>
          0 s
        </text>
        <text x={width - margin.right} y={height - 6} text-anchor="end">
          {secondsText(end)}
        </text>
      </svg>
      <figcaption>
        <span class="key cost">cost $ {dollars(cost)}</span>{' '}
        <span class="key bound">bound $ {last.bound === null ? '-' : dollars(last.bound)}</span> gap {percent(gap)}
      </figcaption>
    </figure>
  );
}
