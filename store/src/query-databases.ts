/** Databases that are watched, as last heard of. */
import type { Queryable } from './database.js';
import type { DatabaseStatusRecord } from './subjects.js';

/** How long a database is remembered that nobody speaks of any more. */
const REMEMBERED = '1 day';

/** In order of host and name. */
export async function queryDatabases(session: Queryable): Promise<DatabaseStatusRecord[]> {
  const rows = await session.query(
    `select distinct on (host, name) data from database_status
     where time > now() - interval '${REMEMBERED}' order by host, name, time desc`,
  );
  // The recorder stores nothing that does not have this shape.
  return rows.map((row) => row['data'] as DatabaseStatusRecord);
}
