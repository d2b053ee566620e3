/** What the name of a GPU tier says about its memory: a number before "GB", or a product whose memory is known. */

export interface ExpectedMemory {
  /** GB per GPU that the name lets one expect; several where the product is sold in several sizes. */
  readonly sizes: readonly number[];
  /** What in the name says so. */
  readonly evidence: string;
}

/**
 * Memory of products as their makers sell them, GB. Names of a letter and one digit are too common as plain labels
 * ("t4" for the fifth tier), so they need the maker before or a number format behind.
 */
const knownProducts: readonly (readonly [pattern: RegExp, product: string, ...sizes: readonly number[]])[] = [
  [/(?:rtx)?3090/, 'RTX 3090', 24],
  [/(?:rtx)?4080/, 'RTX 4080', 16],
  [/(?:rtx)?4090/, 'RTX 4090', 24],
  [/(?:rtx)?5090/, 'RTX 5090', 32],
  [/rtx(?:pro)?6000/, 'RTX 6000', 24, 48, 96],
  [/a6000/, 'A6000', 48],
  [/a5000/, 'A5000', 24],
  [/a4000/, 'A4000', 16],
  [/a100/, 'A100', 40, 80],
  [/a10g?(?!\d)/, 'A10', 24],
  [/a16(?!\d)/, 'A16', 16],
  [/(?:nvidia|tesla)a2(?!\d)|^a2(?=fp|int|bf)/, 'A2', 16],
  [/a30(?!\d)/, 'A30', 24],
  [/a40(?!\d)/, 'A40', 48],
  [/gh200/, 'GH200', 96, 141, 144],
  [/h100/, 'H100', 64, 80, 94, 96],
  [/h200/, 'H200', 141],
  [/gb200/, 'GB200', 180, 186, 192],
  [/b200/, 'B200', 180, 192],
  [/b300/, 'B300', 288],
  [/l40s?/, 'L40', 48],
  [/(?:nvidia|tesla)l4(?!\d)|^l4(?=fp|int|bf)/, 'L4', 24],
  [/v100/, 'V100', 16, 32],
  [/p100/, 'P100', 12, 16],
  [/(?:nvidia|tesla)t4(?!\d)|^t4(?=fp|int|bf)/, 'T4', 16],
  [/mi250x?/, 'MI250', 128],
  [/mi300a/, 'MI300A', 128],
  [/mi300x?/, 'MI300X', 192],
  [/mi325x?/, 'MI325X', 256],
];

/** Null where the name says nothing about memory. A size written out wins over the product's. */
export function memoryInName(tierName: string): ExpectedMemory | null {
  const written = /(\d+(?:\.\d+)?)\s*[_-]?\s*GI?B/i.exec(tierName);
  // "GB200" is a product, not a size: digits must stand before the letters, and none after.
  if (written !== null && !/^\d/.test(tierName.slice(written.index + written[0].length))) {
    return { sizes: [Number(written[1])], evidence: `"${written[0]}" in its name` };
  }
  const compact = tierName.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const [pattern, product, ...sizes] of knownProducts) {
    const found = pattern.exec(compact);
    if (found === null) continue;
    // Letters before it must not make another name of it: "GH100" is no H100.
    const before = compact.slice(0, found.index);
    if (/[a-z]$/.test(before) && !/(?:nvidia|amd|tesla|geforce|gpu|cloud|rtx|instinct)$/.test(before)) continue;
    return { sizes, evidence: `the ${product} in its name` };
  }
  return null;
}
