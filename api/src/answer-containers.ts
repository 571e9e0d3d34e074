/** Containers as they were last told of, and what happened to them. */
import { isoTime } from '@pulsewire/runtime';
import {
  type ContainerEntry,
  type ContainerEventEntry,
  type ContainerEventList,
  type ContainerEventsQuery,
  type ContainerList,
  type ContainersQuery,
  REST_LIMITS,
} from '@pulsewire/shared-schema/rest';
import {
  type ContainerEvent,
  type ContainerState,
  queryContainerEvents,
  queryContainers,
} from '@pulsewire/store';
import { askDatabase } from './ask-database.js';
import { derivePagination, readPage } from './page.js';
import { answerWith, type Outcome } from './problem.js';
import type { RouteContext } from './routes.js';
import { readRange } from './time-range.js';

export async function answerContainers(
  { host, container, ...query }: ContainersQuery,
  context: RouteContext,
): Promise<Outcome<ContainerList>> {
  const found = await askDatabase(context, (session) =>
    queryContainers(session, {
      ...(host === undefined ? {} : { host }),
      ...(container === undefined ? {} : { name: container }),
    }),
  );
  if (!found.ok) return found;
  const page = readPage(query);
  const rows = found.body.slice(page.offset, page.offset + page.limit);
  return answerWith({
    data: rows.map((row) => renderContainer(row, context.clock.nowMs())),
    pagination: derivePagination(page, found.body.length),
  });
}

export async function answerContainerEvents(
  query: ContainerEventsQuery,
  context: RouteContext,
): Promise<Outcome<ContainerEventList>> {
  const range = readRange(query, {
    nowMs: context.clock.nowMs(),
    lengthMs: REST_LIMITS.defaultEventsRangeMs,
  });
  if (!range.ok) return range;
  const { host, container, limit = REST_LIMITS.rows } = query;
  const found = await askDatabase(context, (session) =>
    queryContainerEvents(session, {
      ...range.body,
      ...(host === undefined ? {} : { host }),
      ...(container === undefined ? {} : { container }),
      // One more tells whether there are more.
      limit: limit + 1,
    }),
  );
  if (!found.ok) return found;
  const data = found.body.slice(0, limit).map(renderEvent);
  return answerWith({ data, truncated: found.body.length > limit });
}

function renderContainer(state: ContainerState, nowMs: number): ContainerEntry {
  return {
    name: state.name,
    host: state.host,
    id: state.id,
    image: state.image,
    status: state.status,
    health: state.health,
    exit_code: state.exitCode,
    started_at: state.startedAtMs === null ? null : isoTime(state.startedAtMs),
    last_seen: isoTime(state.lastSeenMs),
    status_since: isoTime(state.statusSinceMs),
    stale: nowMs - state.lastSeenMs > REST_LIMITS.containerStaleMs,
  };
}

function renderEvent(event: ContainerEvent): ContainerEventEntry {
  const { timeMs, exitCode, ...facts } = event;
  return { time: isoTime(timeMs), ...facts, exit_code: exitCode };
}
