/** Log lines, newest first, by place in time: a *cursor* is the place of one line. */
import { createConditions, epochMs, readNumber, readText } from './columns.js';
import type { Queryable, Row } from './database.js';
import { StoreError } from './errors.js';
import type { LogRecord, LogsRequest } from './subjects.js';

/** Microseconds of the epoch, and the line's number. */
const CURSOR = /^(\d{1,17})-(\d{1,18})$/;
const MICROSECONDS = '(extract(epoch from time) * 1000000)::bigint';
/** Read with {@link readLine}. */
export const LINE_COLUMNS = `${epochMs('time')} as time_ms, ${MICROSECONDS} as micros, line, host, service, level, stream, seq,
  message`;

/** Rejects with `cursor_invalid`, and with `query_timed_out` when a search has to look through too much. */
export async function queryLogs(session: Queryable, request: LogsRequest): Promise<LogRecord[]> {
  const conditions = createConditions();
  conditions.add('service = ?', request.service);
  conditions.add('host = ?', request.host);
  conditions.add('level = ?', request.level);
  conditions.add('time >= to_timestamp(?::float8 / 1000)', request.fromMs);
  conditions.add('time < to_timestamp(?::float8 / 1000)', request.toMs);
  conditions.add('message ilike ?', request.q === undefined ? undefined : `%${escapeLike(request.q)}%`);
  const before = request.before === undefined ? null : parseCursor(request.before);
  if (before !== null) {
    const line = conditions.value(before.line);
    const time = "timestamptz 'epoch' + ?::bigint * interval '1 microsecond'";
    conditions.add(`(time, line) < (${time}, ${line}::bigint)`, before.micros);
  }
  const where = conditions.where();
  const limit = conditions.value(request.limit);
  const rows = await session.query(
    `select ${LINE_COLUMNS} from logs ${where} order by time desc, line desc limit ${limit}`,
    conditions.values,
  );
  return rows.map(readLine);
}

export function readLine(row: Row): LogRecord {
  return {
    cursor: `${row['micros']}-${row['line']}`,
    timeMs: readNumber(row, 'time_ms'),
    host: readText(row, 'host'),
    service: readText(row, 'service'),
    // The recorder stores the contract's words only.
    level: row['level'] as LogRecord['level'],
    stream: row['stream'] as LogRecord['stream'],
    seq: readNumber(row, 'seq'),
    message: readText(row, 'message'),
  };
}

function parseCursor(cursor: string): { micros: string; line: string } {
  const [, micros, line] = CURSOR.exec(cursor) ?? [];
  if (micros === undefined || line === undefined)
    throw new StoreError(
      'cursor_invalid',
      'a cursor is what an earlier answer gave, such as 1768624200000000-17',
    );
  return { micros, line };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
