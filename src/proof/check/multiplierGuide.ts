/**
 * Where to look: multipliers of the two resources of a pattern at which its relaxation is worth most, and the
 * fractional pattern there. All in doubles and all of it advice: what the checker takes from here it evaluates exactly,
 * and a bad guess costs time or a refusal, never a false bound.
 *
 * g(u, v) = least over the pattern of cost + u (cache - replicas) + v (load - replicas) is concave and piecewise
 * linear. Along one axis its top is where a rising and a falling piece meet; along the other the same is done with that
 * top as the function.
 */

/** What is minimised, in doubles; arrays by item. */
export interface GuideProblem {
  readonly fixed: Float64Array;
  readonly rate: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly cache: Float64Array;
  readonly load: Float64Array;
  /** 1: in the pattern; -1: out of it; 0: open. */
  readonly status: Int8Array;
  /** Numbers of replicas among which the best is, and what each costs. */
  readonly replicas: readonly number[];
  readonly rental: readonly number[];
}

export interface GuidePoint {
  readonly u: number;
  readonly v: number;
  readonly value: number;
  /** Slopes of g along u and v. */
  readonly alongU: number;
  readonly alongV: number;
  readonly replicas: number;
  /** Where pieces meet: the share of the first point, and both. */
  readonly mixed: readonly [share: number, GuidePoint, GuidePoint] | null;
}

const mostSteps = 80;
const mostDoublings = 120;

export function bestMultipliers(problem: GuideProblem, near: { readonly u: number; readonly v: number }): GuidePoint {
  const overU = (v: number) =>
    top(
      (u) => valueAt(problem, u, v),
      (point) => point.alongU,
      near.u,
      (point, u) => ({ ...point, u }),
    );
  return top(
    overU,
    (point) => point.alongV,
    near.v,
    (point, v) => ({ ...point, u: overU(v).u, v }),
  );
}

/** g and its slopes. */
function valueAt(problem: GuideProblem, u: number, v: number): GuidePoint {
  const { fixed, rate, low, high, cache, load, status, replicas, rental } = problem;
  let value = Infinity;
  let count = 0;
  for (let t = 0; t < replicas.length; t++) {
    const cost = rental[t] - (u + v) * replicas[t];
    if (cost >= value) continue;
    value = cost;
    count = replicas[t];
  }
  let alongU = -count;
  let alongV = -count;
  for (let t = 0; t < fixed.length; t++) {
    if (status[t] < 0) continue;
    const c = rate[t] + u * cache[t] + v * load[t];
    const x = c < 0 ? high[t] : low[t];
    const cost = fixed[t] + c * x;
    if (status[t] === 0 && cost >= 0) continue;
    value += cost;
    alongU += cache[t] * x;
    alongV += load[t] * x;
  }
  return { u, v, value, alongU, alongV, replicas: count, mixed: null };
}

/** By item: how far it is in the pattern of the point. */
export function insideOf(problem: GuideProblem, { mixed, u, v }: GuidePoint): Float64Array {
  if (mixed !== null) {
    const [share, one, other] = mixed;
    const inside = insideOf(problem, one);
    const second = insideOf(problem, other);
    for (let t = 0; t < inside.length; t++) inside[t] = share * inside[t] + (1 - share) * second[t];
    return inside;
  }
  const { fixed, rate, low, high, cache, load, status } = problem;
  const inside = new Float64Array(fixed.length);
  for (let t = 0; t < fixed.length; t++) {
    const c = rate[t] + u * cache[t] + v * load[t];
    if (status[t] > 0 || (status[t] === 0 && fixed[t] + c * (c < 0 ? high[t] : low[t]) < 0)) inside[t] = 1;
  }
  return inside;
}

/** The top along one axis from 0 on; where two pieces meet, their points mixed so that the slope is 0. */
function top(
  probe: (at: number) => GuidePoint,
  slope: (point: GuidePoint) => number,
  near: number,
  moved: (point: GuidePoint, at: number) => GuidePoint,
): GuidePoint {
  let left = { at: 0, point: probe(0) };
  if (slope(left.point) <= 0) return left.point;
  let step = near > 0 ? near : 1;
  let right = { at: step, point: probe(step) };
  for (let round = 0; round < mostDoublings && slope(right.point) > 0; round++) {
    left = right;
    step *= 4;
    right = { at: step, point: probe(step) };
  }
  if (slope(right.point) > 0) return right.point;
  let meeting = right.at;
  for (let round = 0; round < mostSteps; round++) {
    const rise = slope(left.point);
    const fall = slope(right.point);
    const at = (right.point.value - left.point.value + rise * left.at - fall * right.at) / (rise - fall);
    meeting = Math.min(right.at, Math.max(left.at, at));
    if (!(at > left.at && at < right.at)) break;
    const summit = left.point.value + rise * (at - left.at);
    const point = probe(at);
    if (slope(point) === 0) return point;
    if (point.value >= summit - 1e-14 * Math.abs(summit)) break;
    if (slope(point) > 0) left = { at, point };
    else right = { at, point };
  }
  const rise = slope(left.point);
  const fall = slope(right.point);
  const value = left.point.value + rise * (meeting - left.at);
  return moved({ ...mixed(left.point, right.point, -fall / (rise - fall)), value }, meeting);
}

function mixed(one: GuidePoint, other: GuidePoint, share: number): GuidePoint {
  const blend = (a: number, b: number) => share * a + (1 - share) * b;
  return {
    u: blend(one.u, other.u),
    v: blend(one.v, other.v),
    value: blend(one.value, other.value),
    alongU: blend(one.alongU, other.alongU),
    alongV: blend(one.alongV, other.alongV),
    replicas: blend(one.replicas, other.replicas),
    mixed: [share, one, other],
  };
}
