/** A container's facts as the message of contracts.md §1. */
import { isoTime } from '@pulsewire/runtime';
import type { ContainerStatus } from '@pulsewire/shared-schema';
import type { Report } from './container-change.js';

/** `timeMs` is when it became so as far as known: the engine's time for an event, ours for a look. */
export function renderStatus(
  { facts, previousName, removed }: Report,
  host: string,
  timeMs: number,
): ContainerStatus {
  const data: ContainerStatus['data'] = {
    container: facts.name,
    status: facts.status,
    time: isoTime(timeMs),
    id: facts.id,
    host,
    exit_code: facts.exitCode,
    started_at: facts.startedAtMs === null ? null : isoTime(facts.startedAtMs),
  };
  if (facts.image !== null) data.image = facts.image;
  if (facts.health !== null) data.health = facts.health;
  if (previousName !== undefined) data.previous_name = previousName;
  if (removed === true) data.removed = true;
  return { type: 'container_status', data };
}
