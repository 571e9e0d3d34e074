/** Containers as they are now, and what happened to them. */
import { CONTAINER_HEALTHS, CONTAINER_STATUSES } from '@pulsewire/shared-schema';
import {
  createConditions,
  epochMs,
  readBoolean,
  readNumber,
  readNumberOrNull,
  readText,
  readTextOrNull,
} from './columns.js';
import type { Queryable, Row } from './database.js';
import type {
  ContainerEvent,
  ContainerEventsRequest,
  ContainerState,
  ContainersRequest,
} from './subjects.js';

/** In order of host and name. */
export async function queryContainers(
  session: Queryable,
  request: ContainersRequest = {},
): Promise<ContainerState[]> {
  const conditions = createConditions();
  conditions.add('removed = ?', request.removed ?? false);
  conditions.add('host = ?', request.host);
  conditions.add('name = ?', request.name);
  const rows = await session.query(
    `select host, name, id, image, status, health, exit_code, removed, ${epochMs('started_at')} as started_ms,
       ${epochMs('last_seen')} as seen_ms, ${epochMs('status_since')} as since_ms
     from containers ${conditions.where()} order by host, name`,
    conditions.values,
  );
  return rows.map((row) => ({
    name: readText(row, 'name'),
    host: readHost(row),
    id: readTextOrNull(row, 'id'),
    image: readTextOrNull(row, 'image'),
    status: readStatus(row, 'status') ?? 'dead',
    health: readHealth(row),
    exitCode: readNumberOrNull(row, 'exit_code'),
    startedAtMs: readNumberOrNull(row, 'started_ms'),
    lastSeenMs: readNumber(row, 'seen_ms'),
    statusSinceMs: readNumber(row, 'since_ms'),
    removed: readBoolean(row, 'removed'),
  }));
}

/** Newest first. */
export async function queryContainerEvents(
  session: Queryable,
  request: ContainerEventsRequest,
): Promise<ContainerEvent[]> {
  const conditions = createConditions();
  conditions.add('time >= to_timestamp(?::float8 / 1000)', request.fromMs);
  conditions.add('time < to_timestamp(?::float8 / 1000)', request.toMs);
  conditions.add('host = ?', request.host);
  conditions.add('container = ?', request.container);
  const where = conditions.where();
  const limit = conditions.value(request.limit);
  const rows = await session.query(
    `select ${epochMs('time')} as time_ms, host, container, previous, status, health, exit_code, removed
     from container_events ${where} order by time desc limit ${limit}`,
    conditions.values,
  );
  return rows.map((row) => ({
    timeMs: readNumber(row, 'time_ms'),
    host: readHost(row),
    container: readText(row, 'container'),
    previous: readStatus(row, 'previous'),
    status: readStatus(row, 'status') ?? 'dead',
    health: readHealth(row),
    exitCode: readNumberOrNull(row, 'exit_code'),
    removed: readBoolean(row, 'removed'),
  }));
}

/** The table keeps an absent host as an empty one. */
function readHost(row: Row): string | null {
  const host = readText(row, 'host');
  return host === '' ? null : host;
}

function readStatus(row: Row, column: string): ContainerState['status'] | null {
  return CONTAINER_STATUSES.find((status) => status === row[column]) ?? null;
}

function readHealth(row: Row): ContainerState['health'] {
  return CONTAINER_HEALTHS.find((health) => health === row['health']) ?? null;
}
