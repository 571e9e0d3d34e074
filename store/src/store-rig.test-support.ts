/** What the contract suite needs of an implementation, and short words for what it records. */
import { CHANNELS } from '@pulsewire/shared-schema';
import type { Database, ExclusiveSession } from './database.js';
import { queryPosition } from './query-recorder.js';
import { type Batch, createBatchWriter } from './record-batch.js';
import type { Sample } from './record-samples.js';

export interface StoreUnderTest {
  /** Up, and migrated. */
  database: Database;
  /** Ends the server; resolves when the database is down. */
  interrupt(): Promise<void>;
  /** Resolves when the database is up. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Records in one go; every batch continues the last one. */
export interface Records {
  session: ExclusiveSession;
  record(rows: Partial<Batch>): Promise<void>;
}

export const CHANNEL = CHANNELS.metrics;

export const EMPTY: Batch = {
  channel: CHANNEL,
  after: null,
  position: null,
  token: 'a',
  samples: [],
  containers: [],
  alerts: [],
  databases: [],
  logs: [],
  deadLetters: [],
  repeats: { samples: [], databases: [], logs: [] },
};

export async function createRecords(database: Database): Promise<Records> {
  const session = await database.exclusive('contract');
  if (session === null) throw new Error('somebody holds the lock');
  const writer = createBatchWriter(session);
  let next = 0;
  return {
    session,
    async record(rows) {
      next += 1;
      const { position: after } = await queryPosition(database, CHANNEL);
      const position = `${Number(after?.split('-')[0] ?? 0) + 1}-${next}`;
      await writer.write({ ...EMPTY, after, position, token: position, ...rows });
    },
  };
}

/** A sample of a host's cpu, unless `over` says otherwise. */
export function sampleOf(host: string, timeMs: number, value: number, over: Partial<Sample> = {}): Sample {
  return {
    metricType: 'cpu',
    source: 'host',
    host,
    container: null,
    mount: null,
    core: null,
    unit: 'percent',
    time: new Date(timeMs).toISOString(),
    value,
    meta: JSON.stringify({ unit: 'percent', host }),
    ...over,
  };
}

/** One sample every `everyMs`, its number as its value. */
export function samplesOf(host: string, fromMs: number, count: number, everyMs = 1000): Sample[] {
  return Array.from({ length: count }, (_, i) => sampleOf(host, fromMs + i * everyMs, i));
}
