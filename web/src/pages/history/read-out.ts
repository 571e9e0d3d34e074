/** What a chart says of one moment. */
import type { ChartGroup } from './chart-data.js';
import { valueAt } from './curve.js';
import { type MetricWords, nameSeries } from './series-names.js';
import { writeValue } from './unit-format.js';

export interface ReadOutLine {
  readonly key: string;
  readonly slot: number;
  readonly name: string;
  /** With its unit; a dash where nothing is known. */
  readonly value: string;
  /** At the same place of the other period; `null` when nothing is compared. */
  readonly before: string | null;
}

export function deriveReadOut(group: ChartGroup, timeMs: number, words: MetricWords): readonly ReadOutLine[] {
  return group.members.map(({ series, compared, slot }) => ({
    key: series.key,
    slot,
    name: nameSeries(series, words),
    value: writeValue(series.unit, valueAt(series, timeMs)),
    before: compared === null ? null : writeValue(series.unit, valueAt(compared, timeMs)),
  }));
}
