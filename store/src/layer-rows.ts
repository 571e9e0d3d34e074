/** SQL for the rows of a layer, completed from the layers below it. */
import { epochMs, readNumber, readText } from './columns.js';
import type { Queryable } from './database.js';
import { LAYERS, type Layer, ROLL_UPS } from './layers.js';

export interface LayerFacts {
  /** By the clock of the database. */
  nowMs: number;
  completeUntilMs: Record<Layer, number>;
  keptFromMs: Record<Layer, number>;
}

/** The range of a query: `$2` and, not included, `$3`, in epoch milliseconds. */
export const RANGE = 'time >= to_timestamp($2::float8 / 1000) and time < to_timestamp($3::float8 / 1000)';

export async function queryLayers(session: Queryable): Promise<LayerFacts> {
  const rows = await session.query(
    `select layer, ${epochMs('complete_until')} as complete_ms, ${epochMs('kept_from')} as kept_ms,
       ${epochMs('now()')} as now_ms from layers`,
  );
  const of = (column: string) =>
    Object.fromEntries(rows.map((row) => [readText(row, 'layer'), readNumber(row, column)])) as Record<
      Layer,
      number
    >;
  const nowMs = rows[0] === undefined ? 0 : readNumber(rows[0], 'now_ms');
  return { nowMs, completeUntilMs: of('complete_ms'), keptFromMs: of('kept_ms') };
}

/**
 * `(…) as x(time, min, max, sum, count, first_at, last_at)` of series `$1`: from the layer as far as it is complete,
 * from the layer below as far as that one is, and so on down to the samples.
 */
export function layerRows(layer: Layer, { completeUntilMs }: LayerFacts): string {
  const parts: string[] = [];
  let since = '-infinity';
  for (const rollUp of ROLL_UPS.slice(0, LAYERS.indexOf(layer)).reverse()) {
    const until = timeText(completeUntilMs[rollUp.layer]);
    parts.push(`select bucket as time, min, max, sum, count, first_at, last_at from ${rollUp.table}
      where series_id = $1 and bucket >= '${since}' and bucket < '${until}' and ${RANGE.replaceAll('time ', 'bucket ')}`);
    since = until;
  }
  parts.push(`select time, value, value, value, 1, time, time from system_metrics
    where series_id = $1 and time >= '${since}' and ${RANGE}`);
  return `(${parts.join(' union all ')}) as x(time, min, max, sum, count, first_at, last_at)`;
}

function timeText(timeMs: number): string {
  if (!Number.isFinite(timeMs)) return timeMs < 0 ? '-infinity' : 'infinity';
  return new Date(timeMs).toISOString();
}
