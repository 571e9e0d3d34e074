/** What is new in the log: by the number that a line gets when it is recorded, so that late lines are new, too. */
import { createConditions } from './columns.js';
import type { Queryable } from './database.js';
import { LINE_COLUMNS, readLine } from './query-logs.js';
import type { LogTail, LogTailRequest } from './subjects.js';

/** Answers with the newest of the new lines, in the order in which they were recorded. */
export async function queryLogTail(session: Queryable, request: LogTailRequest): Promise<LogTail> {
  const conditions = createConditions();
  conditions.add('time >= to_timestamp(?::float8 / 1000)', request.fromMs);
  if (request.after === null) {
    const [row] = await session.query(
      `select coalesce(max(line), 0)::text as line from logs ${conditions.where()}`,
      conditions.values,
    );
    return { lines: [], skipped: 0, position: String(row?.['line'] ?? 0) };
  }
  conditions.add('line > ?::bigint', request.after);
  const where = conditions.where();
  const limit = conditions.value(request.limit);
  const rows = await session.query(
    `select ${LINE_COLUMNS}, count(*) over () as total from logs ${where} order by logs.line desc limit ${limit}`,
    conditions.values,
  );
  const [newest] = rows;
  return {
    lines: rows.map(readLine).reverse(),
    skipped: Number(newest?.['total'] ?? 0) - rows.length,
    position: String(newest?.['line'] ?? request.after),
  };
}
