/** How wide a point must be so that a range has at most so many, and from which layer it is made. */
import { LAYERS, type Layer, rollUpOf } from './layers.js';

export interface Resolution {
  layer: Layer;
  /** Width of a point; 0 for the samples themselves. */
  widthMs: number;
}

export interface ResolutionRequest {
  fromMs: number;
  toMs: number;
  points: number;
  /** From when on each layer still has its rows. */
  keptFromMs: Readonly<Record<Layer, number>>;
}

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
/** Widths that a reader can name. Each is a multiple of the layer that it is made from. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * S),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * M),
  ...[1, 2, 3, 6, 12].map((n) => n * H),
  ...[1, 2, 5, 10, 30, 90, 365].map((n) => n * D),
];
/** Below this width a point is a sample: nothing is measured more often than four times a second. */
const FINEST_MS = 1000;

/**
 * The narrowest width that meets `points`, from the coarsest layer that has it; a finer layer is taken only where it
 * is needed, and a coarser one than asked for where the finer one is gone.
 */
export function pickResolution({ fromMs, toMs, points, keptFromMs }: ResolutionRequest): Resolution {
  // One point less, because points stand at multiples of their width: the first one begins before the range.
  const neededMs = (toMs - fromMs) / Math.max(1, points - 1);
  const finest = LAYERS.find((layer) => keptFromMs[layer] <= fromMs) ?? '1d';
  const floorMs = finest === 'raw' ? 0 : rollUpOf(finest).widthMs;
  if (neededMs <= FINEST_MS / 4 && floorMs === 0) return { layer: 'raw', widthMs: 0 };
  const widthMs = WIDTHS.find((width) => width >= neededMs && width >= floorMs) ?? neededMs;
  // Where its coarsest layer keeps less than finer ones do, from one that has the range.
  const layer = coarsestFor(widthMs, (candidate) => keptFromMs[candidate] <= fromMs);
  return { layer: layer ?? coarsestFor(widthMs, () => true) ?? 'raw', widthMs };
}

/** The coarsest layer whose buckets fit into a point. */
function coarsestFor(widthMs: number, isKept: (layer: Layer) => boolean): Layer | undefined {
  return LAYERS.findLast(
    (layer) => isKept(layer) && (layer === 'raw' || widthMs % rollUpOf(layer).widthMs === 0),
  );
}
