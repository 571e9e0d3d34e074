/** What a series is called, and which of them a search finds. */
import type { SeriesEntry } from '@pulsewire/shared-schema/rest';

export type MetricWords = Readonly<Record<string, string>>;
type Named = Pick<SeriesEntry, 'metric_type' | 'source' | 'host' | 'container' | 'mount' | 'core'>;

/** `CPU · web-01`, `Memory · redis @ web-01`, `Disk /var · web-01`. A metric without a word keeps its own name. */
export function nameSeries(series: Named, words: MetricWords): string {
  const metric = words[series.metric_type] ?? series.metric_type;
  const part = series.mount ?? (series.core === null ? null : String(series.core));
  const what = part === null ? metric : `${metric} ${part}`;
  const where =
    series.container === null
      ? series.host
      : [series.container, series.host].filter((name) => name !== null).join(' @ ');
  return where === null ? what : `${what} · ${where}`;
}

/** Series in whose name every word occurs; case does not matter. */
export function filterSeries<T extends Named>(
  all: readonly T[],
  search: string,
  words: MetricWords,
): readonly T[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return all;
  return all.filter((series) => {
    const text = `${nameSeries(series, words)} ${series.metric_type}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** What is shown before anything was chosen: processor and memory of the first host. */
export function defaultSeries(all: readonly SeriesEntry[]): readonly string[] {
  const ofHosts = all.filter(({ source }) => source === 'host');
  const host = ofHosts.map((series) => series.host ?? '').sort()[0];
  return ['cpu', 'mem'].flatMap((metric) =>
    ofHosts
      .filter((series) => series.metric_type === metric && (series.host ?? '') === host)
      .slice(0, 1)
      .map(({ key }) => key),
  );
}

/** Hosts before containers, then by place, then by metric: what belongs together stands together. */
export function orderSeries(all: readonly SeriesEntry[]): readonly SeriesEntry[] {
  const placeOf = ({ source, host, container }: SeriesEntry) =>
    [source === 'host' ? 0 : 1, host ?? '', container ?? ''] as const;
  return all.toSorted((a, b) => {
    const [left, right] = [placeOf(a), placeOf(b)];
    return (
      left[0] - right[0] ||
      compare(left[1], right[1]) ||
      compare(left[2], right[2]) ||
      compare(a.metric_type, b.metric_type) ||
      compare(a.mount ?? '', b.mount ?? '') ||
      (a.core ?? 0) - (b.core ?? 0)
    );
  });
}

const collator = new Intl.Collator('en', { numeric: true });
function compare(a: string, b: string): number {
  return collator.compare(a, b);
}
