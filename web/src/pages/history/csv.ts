/** The shown data as comma-separated values: RFC 4180, UTF-8, one line per time and series, numbers unrounded. */
import type { HistorySpan } from '@pulsewire/shared-schema/rest';
import type { LoadedSeries } from './load-history.js';
import type { Span } from './range.js';

const HEAD = ['time', 'series', 'unit', 'min', 'avg', 'max'];

/** A gap is a line with empty values, so that who draws the file draws it, too. */
export function renderCsv(series: readonly LoadedSeries[], span: Span): string {
  const lines = series.flatMap(({ key, unit, points, gaps }) => {
    const known = points
      .filter(([timeMs]) => timeMs >= span.fromMs && timeMs <= span.toMs)
      .map(([timeMs, ...values]) => ({ timeMs, values: values.map(String) }));
    const unknown = gaps
      .filter((gap) => overlaps(gap, span))
      .map(([fromMs]) => ({ timeMs: Math.max(fromMs, span.fromMs), values: ['', '', ''] }));
    return [...known, ...unknown]
      .sort((a, b) => a.timeMs - b.timeMs)
      .map(({ timeMs, values }) => [new Date(timeMs).toISOString(), key, unit ?? '', ...values]);
  });
  return [HEAD, ...lines].map((fields) => `${fields.map(field).join(',')}\r\n`).join('');
}

function overlaps([fromMs, toMs]: HistorySpan, span: Span): boolean {
  return toMs > span.fromMs && fromMs < span.toMs;
}

/** A field that begins like a formula would be run by a spreadsheet. */
function field(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `pulsewire-2026-01-17T04-30.csv`: when what it shows begins, in characters that every file system takes. */
export function fileName(span: Span, extension: string): string {
  const from = new Date(span.fromMs).toISOString().slice(0, 16).replaceAll(':', '-');
  return `pulsewire-${from}.${extension}`;
}
