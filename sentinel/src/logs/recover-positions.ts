/**
 * What the bus's log shows of lines that an earlier run published after it had last written down its place: a
 * process that is killed leaves a second of them. Without this they would be published twice.
 */
import type { Bus } from '@pulsewire/runtime';
import { CHANNELS, type Log } from '@pulsewire/shared-schema';
import { parseEngineTime } from './engine-time.js';
import type { LogPosition } from './log-position.js';

/** By service, which is the container's name. */
export type Published = ReadonlyMap<string, Omit<LogPosition, 'since'>>;

const PAGE_ENTRIES = 500;
/** Ids are the bus's clock, which is not ours. */
const CLOCK_DIFFERENCE_MS = 30_000;
const LOG_MESSAGE = '{"type":"log"';

/** Rejects when the bus is down, or goes down. */
export async function recoverPublished(
  bus: Pick<Bus, 'readLog'>,
  host: string,
  sinceMs: number,
): Promise<Published> {
  const published = new Map<string, Omit<LogPosition, 'since'>>();
  let after: string | null = `${Math.max(0, Math.floor(sinceMs) - CLOCK_DIFFERENCE_MS)}-0`;
  for (;;) {
    const options = { after, limit: PAGE_ENTRIES, startsWith: LOG_MESSAGE };
    const { entries } = await bus.readLog(CHANNELS.logs, options);
    for (const { bytes } of entries) note(published, bytes, host);
    if (entries.length < PAGE_ENTRIES) return published;
    after = entries.at(-1)?.id ?? after;
  }
}

function note(published: Map<string, Omit<LogPosition, 'since'>>, bytes: Buffer, host: string): void {
  const data = readLog(bytes);
  const time = parseEngineTime(data?.timestamp ?? '');
  if (data === null || time === null || data.host !== host) return;
  const known = published.get(data.service) ?? { streams: {}, seq: 0 };
  const place = known.streams[data.stream];
  const count = place?.time === time ? place.count + 1 : 1;
  const isLater = place === undefined || time >= place.time;
  const streams = isLater ? { ...known.streams, [data.stream]: { time, count } } : known.streams;
  published.set(data.service, { streams, seq: Math.max(known.seq, data.seq + 1) });
}

/** The channel is open to foreign producers, too. */
function readLog(bytes: Buffer): Log['data'] | null {
  try {
    const { data } = JSON.parse(bytes.toString('utf8')) as { data?: Log['data'] };
    const isOurs =
      typeof data?.service === 'string' &&
      typeof data.timestamp === 'string' &&
      Number.isSafeInteger(data.seq) &&
      (data.stream === 'stdout' || data.stream === 'stderr');
    return isOurs ? data : null;
  } catch {
    return null;
  }
}
