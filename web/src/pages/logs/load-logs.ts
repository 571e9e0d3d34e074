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
/** Of a stretch that cannot become shorter the newest pages are all there is. */
const SHORTEST_WINDOW_MS = 2;

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

export interface LogWindow {
  /** Oldest first. */
  readonly lines: readonly LogEntry[];
  /** Up to here it is all of them: the end that was asked for, or an earlier one where too much was written. */
  readonly toMs: number;
}

/**
 * All lines from a moment on, until another, or until an earlier one so that they are not too many: never with a hole.
 * The server gives the newest first, so a stretch with too many lines is asked for anew, and shorter.
 */
export async function loadLogWindow(
  client: RestClient,
  question: { filter: LogFilter; fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<RestAnswer<LogWindow>> {
  let { toMs } = question;
  for (;;) {
    const answer = await loadStretch(client, { ...question, toMs }, signal);
    if (!answer.ok) return answer;
    const { lines, shorterMs } = answer.data;
    if (shorterMs === null) return { ok: true, data: { lines, toMs } };
    toMs = shorterMs;
  }
}

/** `shorterMs`: there are too many lines; up to there they may be few enough. */
async function loadStretch(
  client: RestClient,
  question: { filter: LogFilter; fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<RestAnswer<{ lines: readonly LogEntry[]; shorterMs: number | null }>> {
  const { fromMs, toMs } = question;
  const pages: (readonly LogEntry[])[] = [];
  let before: string | undefined;
  for (;;) {
    const answer = await loadLogPage(client, { ...question, before }, signal);
    if (!answer.ok) return answer;
    const { lines } = answer.data;
    pages.push(lines);
    const isShortest = toMs - fromMs <= SHORTEST_WINDOW_MS;
    const isLast = answer.data.before === null || (isShortest && pages.length === PAGES_OF_A_WINDOW);
    if (isLast) return { ok: true, data: { lines: pages.reverse().flat(), shorterMs: null } };
    before = answer.data.before ?? undefined;
    const reachedMs = Date.parse(lines[0]?.timestamp ?? '');
    const pagesToCome = (pages.length * (reachedMs - fromMs)) / Math.max(1, toMs - reachedMs);
    if (isShortest || pages.length + pagesToCome <= PAGES_OF_A_WINDOW) continue;
    const share = PAGES_OF_A_WINDOW / 2 / (pages.length + pagesToCome);
    const lengthMs = Math.max(SHORTEST_WINDOW_MS, Math.floor((toMs - fromMs) * Math.min(share, 0.5)));
    return { ok: true, data: { lines: [], shorterMs: fromMs + lengthMs } };
  }
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
