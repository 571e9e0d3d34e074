/** Log lines, newest first; the page after the last one begins at its cursor. */
import { isoTime } from '@pulsewire/runtime';
import { type LogEntry, type LogList, type LogsQuery, REST_LIMITS } from '@pulsewire/shared-schema/rest';
import { readQueryTime } from '@pulsewire/shared-schema/rest-query';
import { type LogRecord, queryLogs } from '@pulsewire/store';
import { askDatabase } from './ask-database.js';
import { answerWith, type Outcome } from './problem.js';
import type { RouteContext } from './routes.js';
import { refuseOrder } from './time-range.js';

export async function answerLogs(query: LogsQuery, context: RouteContext): Promise<Outcome<LogList>> {
  const { from, to, limit = REST_LIMITS.rows, ...filter } = query;
  const fromMs = from === undefined ? null : readQueryTime(from);
  const toMs = to === undefined ? null : readQueryTime(to);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) return refuseOrder('from');
  const found = await askDatabase(context, (session) =>
    queryLogs(session, {
      ...filter,
      ...(fromMs === null ? {} : { fromMs }),
      ...(toMs === null ? {} : { toMs }),
      limit,
    }),
  );
  if (!found.ok) return found;
  const isFull = found.body.length === limit;
  return answerWith({
    data: found.body.map(renderLine),
    next_before: isFull ? (found.body.at(-1)?.cursor ?? null) : null,
  });
}

function renderLine({ timeMs, ...line }: LogRecord): LogEntry {
  return { timestamp: isoTime(timeMs), ...line };
}
