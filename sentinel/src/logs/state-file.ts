/**
 * How far the logs have been read, kept over restarts. One small file that is replaced as a whole, readable by its
 * owner only.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SentinelError } from '../errors.js';
import { parseEngineTime } from './engine-time.js';
import type { LogPosition, StreamPlace } from './log-position.js';

export interface LogState {
  /** A container that is not in `containers` had no line before this. Epoch ms. */
  savedMs: number;
  /** Lines that `containers` does not know of came to the bus after this. Epoch ms. */
  publishedSinceMs: number;
  /** By id. */
  containers: Record<string, { name: string; position: LogPosition }>;
}

export interface StateFile {
  /** `null` when there is none yet, or it is damaged. */
  load(): Promise<LogState | null>;
  save(state: LogState): Promise<void>;
}

const FILE = 'container-logs.json';
const VERSION = 1;

/** Makes the folder. Rejects with `state_dir_unusable` when it cannot be made or written. */
export async function openStateFile(folder: string): Promise<StateFile> {
  const path = join(folder, FILE);
  const next = `${path}.next`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(next, 'a', 0o600)).close();
  } catch (error) {
    throw new SentinelError('state_dir_unusable', `STATE_DIR: ${folder} cannot be written`, { cause: error });
  }
  return {
    async load() {
      return parseState(await readFile(path, 'utf8').catch(() => ''));
    },
    async save(state) {
      const file = await open(next, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify({ version: VERSION, ...state }));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(next, path);
    },
  };
}

/** Never throws. What is not understood of a container is left out: then it is read as one that is new. */
export function parseState(text: string): LogState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { version, savedMs, publishedSinceMs, containers } = asObject(value);
  if (version !== VERSION || !isEpochMs(savedMs) || !isEpochMs(publishedSinceMs)) return null;
  const state: LogState = { savedMs, publishedSinceMs, containers: {} };
  for (const [id, entry] of Object.entries(asObject(containers))) {
    const { name, position } = asObject(entry);
    const parsed = parsePosition(position);
    if (typeof name === 'string' && parsed !== null) state.containers[id] = { name, position: parsed };
  }
  return state;
}

function parsePosition(value: unknown): LogPosition | null {
  const { since, streams, seq } = asObject(value);
  const start = since === null ? null : readTime(since);
  if (start === undefined || !Number.isSafeInteger(seq) || (seq as number) < 0) return null;
  const position: LogPosition = { since: start, streams: {}, seq: seq as number };
  for (const name of ['stdout', 'stderr'] as const) {
    const place = parsePlace(asObject(streams)[name]);
    if (place !== null) position.streams[name] = place;
  }
  return position;
}

function parsePlace(value: unknown): StreamPlace | null {
  const { time, count } = asObject(value);
  const parsed = readTime(time);
  if (parsed === undefined || !Number.isSafeInteger(count) || (count as number) < 0) return null;
  return { time: parsed, count: count as number };
}

function readTime(value: unknown): string | undefined {
  return typeof value === 'string' ? (parseEngineTime(value) ?? undefined) : undefined;
}

function isEpochMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 8.64e15;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
