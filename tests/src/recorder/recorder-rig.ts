/** A recorder between a memory bus and a private PostgreSQL, and what it has recorded. */

import { recorderSettings, startRecorder } from '@pulsewire/recorder';
import {
  type Clock,
  createHealth,
  createMemoryBus,
  createMetrics,
  type Health,
  type MemoryBus,
  readConfig,
  type Stoppable,
  silentLogger,
} from '@pulsewire/runtime';
import type { SystemMetric } from '@pulsewire/shared-schema';
import { type Database, openDatabase } from '@pulsewire/store';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { poll } from '../support/within.js';

export interface RecorderRig {
  postgres: TestPostgres;
  /** For looking, not the recorder's own. */
  database: Database;
  bus: MemoryBus;
  start(clock?: Clock): Promise<Recording>;
  /** Resolves when so many samples of a host are recorded. */
  recorded(host: string, count: number): Promise<void>;
  /** Values of a host's samples, in order. */
  values(host: string): Promise<number[]>;
  stop(): Promise<void>;
}

export interface Recording extends Stoppable {
  health: Health;
  metric(name: string): Promise<number>;
}

export async function createRig(): Promise<RecorderRig> {
  const postgres = await startPostgres();
  const bus = createMemoryBus();
  const open = (name: string) => openDatabase({ url: postgres.url, name, logger: silentLogger });
  const database = open('test');
  const running = new Set<Stoppable>();

  async function values(host: string): Promise<number[]> {
    const rows = await database.query(
      "select value from system_metrics where meta->>'host' = $1 order by time, value",
      [host],
    );
    return rows.map((row) => Number(row['value']));
  }

  return {
    postgres,
    database,
    bus,
    async start(clock) {
      const own = open('recorder');
      const health = createHealth();
      const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
      const settings = readConfig({}, recorderSettings);
      const recorder = await startRecorder({
        bus,
        database: own,
        settings,
        logger: silentLogger,
        metrics,
        health,
        ...(clock === undefined ? {} : { clock }),
      });
      const recording = {
        health,
        async metric(name: string) {
          const found = await metrics.getSingleMetric(`pulsewire_recorder_${name}`)?.get();
          return found?.values.reduce((sum, { value }) => sum + value, 0) ?? Number.NaN;
        },
        async stop() {
          running.delete(recording);
          await recorder.stop();
          await own.stop();
        },
      };
      running.add(recording);
      return recording;
    },
    async recorded(host, count) {
      const found = async () => ((await values(host).catch(() => [])).length >= count ? true : undefined);
      await poll(found, { what: `${count} samples of ${host}`, timeoutMs: 30_000, everyMs: 50 });
    },
    values,
    async stop() {
      for (const recording of [...running]) await recording.stop();
      await database.stop();
      await postgres.stop();
    },
  };
}

export function metricOf(host: string, value: number, time = new Date().toISOString()): SystemMetric {
  const meta = { unit: 'percent', host };
  return { type: 'system_metric', data: { time, metric_type: 'cpu', value, source: 'host', meta } };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
