/** Of known names the one that was probably meant. */

/** The name that fewest letters tell from `given`; the first of several; empty where none is known. */
export function nearestName(known: readonly string[], given: string): string {
  let nearest = known[0] ?? '';
  let least = Infinity;
  for (const name of known) {
    const distance = editDistance(name, given);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

/** Letters put in, left out or exchanged to get from one to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
