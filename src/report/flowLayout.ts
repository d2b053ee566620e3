/**
 * Where the nodes and links of a two-column flow diagram lie: heights are values times one scale, that of the fuller
 * column; a node is as high as its links together; the right column is ordered by the mean height of what flows into
 * its nodes, so that few links cross.
 */

export interface FlowLink {
  /** Index of a left node. */
  readonly source: number;
  /** Index of a right node. */
  readonly target: number;
  /** Above 0. */
  readonly value: number;
}

export interface FlowBox {
  readonly top: number;
  readonly height: number;
}

/** A link from `y0` on the left to `y1` on the right, `width` high all the way. */
interface FlowBand {
  readonly y0: number;
  readonly y1: number;
  readonly width: number;
}

export interface FlowLayout {
  readonly left: readonly FlowBox[];
  readonly right: readonly FlowBox[];
  /** In the order of the links. */
  readonly bands: readonly FlowBand[];
}

/** Lays out `numLeft` and `numRight` nodes between `top` and `top + height`, at least `padding` between neighbours. */
export function layOutFlow(
  numLeft: number,
  numRight: number,
  links: readonly FlowLink[],
  { top, height, padding }: { readonly top: number; readonly height: number; readonly padding: number },
): FlowLayout {
  const leftValues = sums(numLeft, links, 'source');
  const rightValues = sums(numRight, links, 'target');
  const total = links.reduce((sum, { value }) => sum + value, 0);
  const gaps = Math.max(0, Math.max(numLeft, numRight) - 1);
  const scale = total === 0 ? 0 : Math.max(0, height - gaps * padding) / total;
  const column = (values: readonly number[], order: readonly number[]): FlowBox[] => {
    const space = order.length > 1 ? (height - total * scale) / (order.length - 1) : 0;
    const boxes: FlowBox[] = [];
    let at = order.length > 1 ? top : top + (height - total * scale) / 2;
    for (const node of order) {
      boxes[node] = { top: at, height: values[node] * scale };
      at += values[node] * scale + space;
    }
    return boxes;
  };
  const left = column(
    leftValues,
    leftValues.map((_, node) => node),
  );
  const middle = ({ top: start, height: size }: FlowBox) => start + size / 2;
  const pull = rightValues.map((value, node) => {
    const weighted = links
      .filter(({ target }) => target === node)
      .reduce((sum, link) => sum + link.value * middle(left[link.source]), 0);
    return value === 0 ? Number.POSITIVE_INFINITY : weighted / value;
  });
  const order = rightValues.map((_, node) => node).sort((a, b) => (pull[a] === pull[b] ? a - b : pull[a] - pull[b]));
  const right = column(rightValues, order);
  const starts = stack(links, scale, left, 'source', ({ target }) => right[target].top);
  const ends = stack(links, scale, right, 'target', ({ source }) => left[source].top);
  return { left, right, bands: links.map(({ value }, t) => ({ y0: starts[t], y1: ends[t], width: value * scale })) };
}

function sums(count: number, links: readonly FlowLink[], end: 'source' | 'target'): number[] {
  const values = Array.from({ length: count }, () => 0);
  for (const link of links) values[link[end]] += link.value;
  return values;
}

/**
 * (link): the middle of the band at its node, the links of a node one under the other in the order of their other ends.
 */
function stack(
  links: readonly FlowLink[],
  scale: number,
  boxes: readonly FlowBox[],
  end: 'source' | 'target',
  otherEnd: (link: FlowLink) => number,
): number[] {
  const next = boxes.map(({ top }) => top);
  const middles: number[] = [];
  const order = links.map((_, t) => t).sort((a, b) => otherEnd(links[a]) - otherEnd(links[b]) || a - b);
  for (const t of order) {
    const width = links[t].value * scale;
    middles[t] = next[links[t][end]] + width / 2;
    next[links[t][end]] += width;
  }
  return middles;
}
