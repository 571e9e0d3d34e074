/** Events of the engine. Only what can change a container's status counts; the rest is `null`. */
import type { ContainerHealth } from '@pulsewire/shared-schema';
import {
  cleanName,
  cleanText,
  field,
  readHealth,
  readId,
  readInteger,
  readTimeMs,
} from './container-facts.js';

export const EVENT_KINDS = [
  'created',
  'started',
  'died',
  'paused',
  'unpaused',
  'renamed',
  'health',
  'destroyed',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface ContainerEvent {
  kind: EventKind;
  id: string;
  name: string;
  image: string | null;
  /** The engine's time. */
  timeMs: number;
  /** Tells this event from others when the engine repeats some after a reconnect. */
  key: string;
  /** Of `died`. */
  exitCode: number | null;
  /** Of `renamed`. */
  previousName: string | null;
  /** Of `health`. */
  health: ContainerHealth | null;
}

const KIND_OF: Record<string, EventKind> = {
  create: 'created',
  start: 'started',
  die: 'died',
  pause: 'paused',
  unpause: 'unpaused',
  rename: 'renamed',
  destroy: 'destroyed',
  // Podman's words.
  died: 'died',
  remove: 'destroyed',
};
const HEALTH_ACTION = /^health_status(?::\s*(\w+))?$/;

/** Never throws. */
export function parseEvent(value: unknown): ContainerEvent | null {
  const action = field(value, 'Action') ?? field(value, 'status');
  const actor = field(value, 'Actor');
  const id = readId(field(actor, 'ID') ?? field(value, 'id'));
  if (typeof action !== 'string' || id === null) return null;
  const health = HEALTH_ACTION.exec(action);
  const kind = health === null ? (Object.hasOwn(KIND_OF, action) ? KIND_OF[action] : undefined) : 'health';
  const timeMs = readEventMs(value);
  if (kind === undefined || timeMs === null) return null;
  const attributes = field(actor, 'Attributes');
  const previous = field(attributes, 'oldName');
  return {
    kind,
    id,
    name: cleanName(field(attributes, 'name'), id),
    image: cleanText(field(attributes, 'image') ?? field(value, 'from'), 1024),
    timeMs,
    key: `${String(field(value, 'timeNano') ?? timeMs)} ${id} ${action}`,
    exitCode: kind === 'died' ? readInteger(field(attributes, 'exitCode')) : null,
    previousName: typeof previous === 'string' ? cleanName(previous, id) : null,
    health: readHealth(health?.[1] ?? field(attributes, 'health_status')),
  };
}

/** `timeNano` is past what a JavaScript number holds exactly; a few hundred nanoseconds do not matter here. */
function readEventMs(value: unknown): number | null {
  const nanoseconds = Number(field(value, 'timeNano'));
  return readTimeMs(nanoseconds > 0 ? Math.round(nanoseconds / 1e6) : Number(field(value, 'time')) * 1000);
}
