/** Containers: the newest of each, and every transition. Their samples are recorded beside, as 1 and 0. */
import type { ContainerStatus } from '@pulsewire/shared-schema';
import { readBoolean, readNumberOrNull, readText, readTextOrNull } from './columns.js';
import type { Queryable, Row } from './database.js';
import { type ContainerRow, deriveContainers } from './derive-containers.js';

const ISO = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const COLUMNS = `host text, name text, id text, image text, status text, health text, exit_code integer,
  started_at timestamptz, last_seen timestamptz, status_since timestamptz, removed boolean`;

const KNOWN = `select c.host, c.name, c.id, c.image, c.status, c.health, c.exit_code, ${ISO('c.started_at')}
    as started_at, ${ISO('c.last_seen')} as last_seen, ${ISO('c.status_since')} as status_since, c.removed
  from containers c join json_to_recordset($1::json) as x(host text, name text) using (host, name)`;
const UPSERT = `insert into containers (host, name, id, image, status, health, exit_code, started_at, last_seen,
    status_since, removed)
  select * from json_to_recordset($1::json) as x(${COLUMNS})
  on conflict (host, name) do update set id = excluded.id, image = excluded.image, status = excluded.status,
    health = excluded.health, exit_code = excluded.exit_code, started_at = excluded.started_at,
    last_seen = excluded.last_seen, status_since = excluded.status_since, removed = excluded.removed`;
const INSERT_EVENTS = `insert into container_events
    (time, host, container, previous, status, health, exit_code, removed)
  select * from json_to_recordset($1::json) as x(time timestamptz, host text, container text, previous text,
    status text, health text, exit_code integer, removed boolean)`;

export async function recordContainers(
  session: Queryable,
  messages: readonly ContainerStatus['data'][],
): Promise<void> {
  if (messages.length === 0) return;
  const names = messages.flatMap(({ host = '', container, previous_name }) =>
    [container, previous_name ?? container].map((name) => ({ host, name })),
  );
  const unique = [...new Map(names.map((entry) => [JSON.stringify(entry), entry])).values()];
  const known = await session.query(KNOWN, [JSON.stringify(unique)]);
  const { rows, events } = deriveContainers(known.map(readRow), messages);
  if (rows.length > 0) await session.query(UPSERT, [JSON.stringify(rows)]);
  if (events.length > 0) await session.query(INSERT_EVENTS, [JSON.stringify(events)]);
}

function readRow(row: Row): ContainerRow {
  return {
    host: readText(row, 'host'),
    name: readText(row, 'name'),
    id: readTextOrNull(row, 'id'),
    image: readTextOrNull(row, 'image'),
    status: readText(row, 'status'),
    health: readTextOrNull(row, 'health'),
    exit_code: readNumberOrNull(row, 'exit_code'),
    started_at: readTextOrNull(row, 'started_at'),
    last_seen: readText(row, 'last_seen'),
    status_since: readText(row, 'status_since'),
    removed: readBoolean(row, 'removed'),
  };
}
