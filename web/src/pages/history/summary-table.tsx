import { useSyncExternalStore } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import type { DrawnSeries } from './chart-data.js';
import type { CursorStore } from './cursor-store.js';
import { summarize, valueAt } from './curve.js';
import type { Span } from './range.js';
import { nameSeries } from './series-names.js';
import { writeValue } from './unit-format.js';
import { HISTORY_WORDS } from './words.js';

interface SummaryTableProps {
  drawn: readonly DrawnSeries[];
  span: Span;
  cursor: CursorStore;
}

/** The legend, and the charts' content for whoever cannot see them. */
export function SummaryTable({ drawn, span, cursor }: SummaryTableProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const compares = drawn.some(({ compared }) => compared !== null);
  return (
    <div className="table-scroll summary">
      <table data-testid="summary">
        <caption className="visually-hidden">{words.summary}</caption>
        <thead>
          <tr>
            <th scope="col">{words.column.series}</th>
            <th scope="col" className="numeric">
              {words.column.at}
            </th>
            <th scope="col" className="numeric">
              {words.column.last}
            </th>
            <th scope="col" className="numeric">
              {words.column.min}
            </th>
            <th scope="col" className="numeric">
              {words.column.avg}
            </th>
            <th scope="col" className="numeric">
              {words.column.max}
            </th>
            {compares && (
              <th scope="col" className="numeric">
                {words.column.before}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {drawn.map((member) => (
            <SummaryRow
              key={member.series.key}
              member={member}
              span={span}
              cursor={cursor}
              compares={compares}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SummaryRowProps {
  member: DrawnSeries;
  span: Span;
  cursor: CursorStore;
  compares: boolean;
}

function SummaryRow({ member: { series, compared, slot }, span, cursor, compares }: SummaryRowProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const cursorMs = useSyncExternalStore(cursor.subscribe, cursor.view);
  const { unit, points } = series;
  const figures = summarize(points, span.fromMs, span.toMs);
  const before = compared === null ? null : summarize(compared.points, span.fromMs, span.toMs);
  const write = (value: number | undefined) => writeValue(unit, value ?? null);
  return (
    <tr data-testid="summary-row" data-key={series.key}>
      <th scope="row" className={`colour-${'abcdefgh'[slot]}`}>
        <span className="swatch" aria-hidden="true" />
        {nameSeries(series, words.metric)}
      </th>
      <td className="numeric">{cursorMs === null ? '–' : writeValue(unit, valueAt(series, cursorMs))}</td>
      <td className="numeric">{write(figures?.last)}</td>
      <td className="numeric">{write(figures?.min)}</td>
      <td className="numeric">{write(figures?.avg)}</td>
      <td className="numeric">{write(figures?.max)}</td>
      {compares && <td className="numeric">{write(before?.avg)}</td>}
    </tr>
  );
}
