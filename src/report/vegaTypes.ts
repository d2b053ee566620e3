/** Loose types for building Vega-Lite pieces; the whole is checked by `compile`, which refuses what it cannot draw. */

export type UnitSpec = Record<string, unknown>;
export type LayerSpec = Record<string, unknown>;
export type ChartSpec = Readonly<Record<string, unknown>>;
