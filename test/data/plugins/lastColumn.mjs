/** A module of plugins as a user writes one: a branching rule and a node order. */
export default [
  { kind: 'branching-rule', name: 'last-column', choose: (candidates) => candidates.at(-1) },
  { kind: 'node-order', name: 'youngest', compare: (a, b) => b.id - a.id },
];
