/** What status messages change: the newest that is known of each container, and the transitions on the way. */
import type { ContainerStatus } from '@pulsewire/shared-schema';

/** A row of `containers`. Times are ISO 8601; an absent host is empty. */
export interface ContainerRow {
  host: string;
  name: string;
  id: string | null;
  image: string | null;
  status: string;
  health: string | null;
  exit_code: number | null;
  started_at: string | null;
  last_seen: string;
  status_since: string;
  removed: boolean;
}

/** A row of `container_events`. */
export interface ContainerEventRow {
  time: string;
  host: string;
  container: string;
  previous: string | null;
  status: string;
  health: string | null;
  exit_code: number | null;
  removed: boolean;
}

export interface ContainerChanges {
  rows: ContainerRow[];
  events: ContainerEventRow[];
}

/** `known`: what was known of the containers that the messages name. Messages older than that change nothing. */
export function deriveContainers(
  known: readonly ContainerRow[],
  messages: readonly ContainerStatus['data'][],
): ContainerChanges {
  const current = new Map(known.map((row) => [keyOf(row.host, row.name), row]));
  const changed = new Map<string, ContainerRow>();
  const events: ContainerEventRow[] = [];
  for (const message of messages) {
    const host = message.host ?? '';
    if (message.previous_name !== undefined) retire(message.previous_name, host, message.time);
    const before = current.get(keyOf(host, message.container));
    if (before !== undefined && Date.parse(message.time) < Date.parse(before.last_seen)) continue;
    put(nextRow(before, message), before);
  }

  function retire(name: string, host: string, time: string): void {
    const before = current.get(keyOf(host, name));
    if (before !== undefined && !before.removed) put({ ...before, removed: true, last_seen: time }, before);
  }

  function put(row: ContainerRow, before: ContainerRow | undefined): void {
    const key = keyOf(row.host, row.name);
    current.set(key, row);
    changed.set(key, row);
    if (before !== undefined && isSame(before, row)) return;
    const { host, name, status, health, exit_code, removed } = row;
    const previous = before?.status ?? null;
    events.push({ time: row.last_seen, host, container: name, previous, status, health, exit_code, removed });
  }

  return { rows: [...changed.values()], events };
}

function nextRow(before: ContainerRow | undefined, message: ContainerStatus['data']): ContainerRow {
  const sameRun = before !== undefined && before.status === message.status && !before.removed;
  return {
    host: message.host ?? '',
    name: message.container,
    id: message.id ?? null,
    image: message.image ?? null,
    status: message.status,
    health: message.health ?? null,
    exit_code: message.exit_code ?? null,
    started_at: message.started_at ?? null,
    last_seen: message.time,
    status_since: sameRun ? before.status_since : message.time,
    removed: message.removed ?? false,
  };
}

/** A container that was made anew under the same name is another one. */
function isSame(before: ContainerRow, row: ContainerRow): boolean {
  const sameId = before.id === row.id || before.id === null || row.id === null;
  return (
    sameId && before.status === row.status && before.health === row.health && before.removed === row.removed
  );
}

function keyOf(host: string, name: string): string {
  return JSON.stringify([host, name]);
}
