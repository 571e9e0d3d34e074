/**
 * Layers of the history: the samples themselves, and roll-ups of 1 minute, 15 minutes and 1 day. A layer is
 * *complete until* a time: everything before it is in its buckets, everything after it is found in the layer below.
 * It is *kept from* a time: older rows were removed.
 */
export const LAYERS = ['raw', '1m', '15m', '1d'] as const;
export type Layer = (typeof LAYERS)[number];

export interface RollUp {
  layer: Exclude<Layer, 'raw'>;
  table: string;
  /** As PostgreSQL's interval. */
  width: string;
  widthMs: number;
  /** Where its buckets are made from. */
  from: Layer;
}

export const ROLL_UPS: readonly RollUp[] = [
  { layer: '1m', table: 'metrics_1m', width: '1 minute', widthMs: 60_000, from: 'raw' },
  { layer: '15m', table: 'metrics_15m', width: '15 minutes', widthMs: 900_000, from: '1m' },
  { layer: '1d', table: 'metrics_1d', width: '1 day', widthMs: 86_400_000, from: '15m' },
];

export function rollUpOf(layer: RollUp['layer']): RollUp {
  const found = ROLL_UPS.find((rollUp) => rollUp.layer === layer);
  if (found === undefined) throw new Error(`no roll-up ${layer}`);
  return found;
}
