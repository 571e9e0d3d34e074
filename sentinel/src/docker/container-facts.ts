/**
 * What the engine tells about containers, made into facts. Nothing here throws: engines differ (Docker, Podman,
 * proxies in between) and names are whatever somebody wrote, so every field is checked before it is believed.
 */
import {
  CONTAINER_HEALTHS,
  CONTAINER_STATUSES,
  type ContainerHealth,
  type ContainerStatusName,
} from '@pulsewire/shared-schema';

/** What is known of one container. `null` is unknown, or does not apply. */
export interface ContainerFacts {
  id: string;
  name: string;
  image: string | null;
  status: ContainerStatusName;
  health: ContainerHealth | null;
  exitCode: number | null;
  startedAtMs: number | null;
}

/** It becomes part of request paths, so nothing else is let in. */
const ID = /^[\w-]{1,128}$/;
const MAX_NAME_LENGTH = 256;
const MAX_IMAGE_LENGTH = 1024;
/** The first moment that is written with more than four digits of year; no message may carry such a time. */
const YEAR_10000_MS = Date.UTC(10_000, 0);

/** An entry of the engine's list; it does not tell exit code and start time. */
export function parseListed(value: unknown): ContainerFacts | null {
  const id = readId(field(value, 'Id'));
  if (id === null) return null;
  const names = field(value, 'Names');
  const status = readStatus(field(value, 'State')) ?? 'created';
  const health = status === 'running' ? readHealthText(field(value, 'Status')) : null;
  return {
    id,
    name: cleanName(Array.isArray(names) ? names[0] : undefined, id),
    image: cleanText(field(value, 'Image'), MAX_IMAGE_LENGTH),
    status,
    health,
    exitCode: null,
    startedAtMs: null,
  };
}

export function parseInspected(value: unknown): ContainerFacts | null {
  const id = readId(field(value, 'Id'));
  const state = field(value, 'State');
  const status = readStatus(field(state, 'Status'));
  if (id === null || status === null) return null;
  const alive = status === 'running' || status === 'paused';
  return {
    id,
    name: cleanName(field(value, 'Name'), id),
    image: cleanText(field(field(value, 'Config'), 'Image'), MAX_IMAGE_LENGTH),
    status,
    health: alive ? (readHealth(field(field(state, 'Health'), 'Status')) ?? 'none') : 'none',
    exitCode: alive || status === 'created' ? null : readInteger(field(state, 'ExitCode')),
    // "0001-01-01T00:00:00Z" is how the engine says never.
    startedAtMs: readTimeMs(Date.parse(String(field(state, 'StartedAt')))),
  };
}

/** Without the engine's leading slash, at least one and at most 256 characters, well-formed Unicode. */
export function cleanName(value: unknown, id: string): string {
  const text = typeof value === 'string' ? value.replace(/^\//, '') : '';
  return cleanText(text, MAX_NAME_LENGTH) ?? id.slice(0, 12);
}

/** `null` for an empty text and for anything that is none. */
export function cleanText(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.slice(0, maxLength).replace(/\p{Surrogate}/gu, '\ufffd');
}

export function readId(value: unknown): string | null {
  return typeof value === 'string' && ID.test(value) ? value : null;
}

export function readHealth(value: unknown): ContainerHealth | null {
  return CONTAINER_HEALTHS.find((health) => health === value) ?? null;
}

export function readInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

/** After 1970, and before times need a fifth digit of year. */
export function readTimeMs(epochMs: number): number | null {
  return epochMs > 0 && epochMs < YEAR_10000_MS ? epochMs : null;
}

/** A property of something that may be anything. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function readStatus(value: unknown): ContainerStatusName | null {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  // Podman's words for what Docker calls otherwise.
  if (text === 'stopped' || text === 'stopping') return 'exited';
  if (text === 'configured' || text === 'initialized') return 'created';
  return CONTAINER_STATUSES.find((status) => status === text) ?? null;
}

/** From "Up 2 minutes (healthy)". */
function readHealthText(value: unknown): ContainerHealth | null {
  if (typeof value !== 'string') return null;
  return readHealth(/\((?:health: )?(\w+)\)\s*$/.exec(value)?.[1]) ?? 'none';
}
