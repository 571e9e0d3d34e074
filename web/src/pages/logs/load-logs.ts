/** Questions about logs. Lines come newest first from the server, and leave here oldest first. */
import { type LogEntry, REST_LIMITS, REST_PATHS } from '@pulsewire/shared-schema/rest';
import { readLogs } from '../../rest/read-body.js';
import type { RestAnswer, RestClient } from '../../rest/rest-client.js';
import { LEVELS, type LogFilter } from './log-line.js';

export interface LogPage {
  /** Oldest first. */
  readonly lines: readonly LogEntry[];
  /** Where to read on backwards; `null` at the beginning of everything. */
  readonly before: string | null;
}

export interface LogQuestion {
  readonly filter: LogFilter;
  readonly before?: string | undefined;
  readonly fromMs?: number | undefined;
  /** Not included. */
  readonly toMs?: number | undefined;
}

const PAGES_OF_A_WINDOW = 20;

/** One page. The server takes one level at a time: several are asked for side by side, and merged. */
export async function loadLogPage(
  client: RestClient,
  { filter, before, fromMs, toMs }: LogQuestion,
  signal: AbortSignal,
): Promise<RestAnswer<LogPage>> {
  const levels = filter.levels.length === LEVELS.length ? [undefined] : filter.levels;
  const answers = await Promise.all(
    levels.map((level) =>
      client.get(
        REST_PATHS.logs,
        {
          service: filter.service ?? undefined,
          level,
          q: filter.search === '' ? undefined : filter.search,
          before,
          from: fromMs === undefined ? undefined : Math.round(fromMs),
          to: toMs === undefined ? undefined : Math.round(toMs),
          limit: REST_LIMITS.rows,
        },
        readLogs,
        signal,
      ),
    ),
  );
  const lists: { data: LogEntry[]; next_before: string | null }[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    lists.push(answer.data);
  }
  return { ok: true, data: mergeLists(lists) };
}

/** The newest lines of several lists, as many as one page has; the next page begins after the last of them. */
export function mergeLists(
  lists: readonly { readonly data: readonly LogEntry[]; readonly next_before: string | null }[],
): LogPage {
  const newestFirst = lists.flatMap(({ data }) => data).sort((a, b) => compareCursors(b.cursor, a.cursor));
  const lines = newestFirst.slice(0, REST_LIMITS.rows);
  const isEnd = newestFirst.length === lines.length && lists.every((list) => list.next_before === null);
  return { lines: lines.toReversed(), before: isEnd ? null : (lines.at(-1)?.cursor ?? null) };
}

/** All lines between two moments, up to a bound that leaves out the newest. */
export async function loadLogWindow(
  client: RestClient,
  question: LogQuestion,
  signal: AbortSignal,
): Promise<RestAnswer<readonly LogEntry[]>> {
  const pages: (readonly LogEntry[])[] = [];
  let before: string | undefined;
  for (let page = 0; page < PAGES_OF_A_WINDOW; page += 1) {
    const answer = await loadLogPage(client, { ...question, before }, signal);
    if (!answer.ok) return answer;
    pages.push(answer.data.lines);
    if (answer.data.before === null) break;
    before = answer.data.before;
  }
  return { ok: true, data: pages.reverse().flat() };
}

/** A cursor is a time in microseconds and a line's number, both too long for one number. */
function compareCursors(a: string, b: string): number {
  const [timeA = '', lineA = ''] = a.split('-');
  const [timeB = '', lineB = ''] = b.split('-');
  return compareDigits(timeA, timeB) || compareDigits(lineA, lineB);
}

function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
