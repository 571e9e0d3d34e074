/** Writes into the store as the recorder does: samples, containers and log lines of now. */
import type { Stoppable } from '@pulsewire/runtime';
import { CHANNELS, type ContainerStatus, type Log } from '@pulsewire/shared-schema';
import { type Batch, createBatchWriter, type Database, type Sample } from '@pulsewire/store';

export interface Records extends Stoppable {
  /** cpu, mem and disk of a host in percent, now or so long ago. */
  figures(host: string, figures: Figures, ageMs?: number): Promise<void>;
  containers(...containers: (Partial<ContainerStatus['data']> & { container: string })[]): Promise<void>;
  /** Lines of one service, in this order; `ageMs` sets their own time back. */
  lines(service: string, messages: readonly string[], ageMs?: number): Promise<void>;
}

export interface Figures {
  cpu: number;
  mem: number;
  disk: number;
}

const EMPTY = {
  channel: CHANNELS.metrics,
  samples: [],
  containers: [],
  alerts: [],
  databases: [],
  logs: [],
  deadLetters: [],
  repeats: { samples: [], databases: [], logs: [] },
};

export async function createRecords(database: Database): Promise<Records> {
  const session = await database.exclusive('bridge-test');
  if (session === null) throw new Error('somebody holds the lock');
  const writer = createBatchWriter(session);
  let number = 0;
  let seq = 0;

  async function record(rows: Partial<Batch>): Promise<void> {
    const after = number === 0 ? null : `${number}-0`;
    number += 1;
    const position = `${number}-0`;
    await writer.write({ ...EMPTY, after, position, token: position, ...rows });
  }

  return {
    async figures(host, figures, ageMs = 0) {
      const time = new Date(Date.now() - ageMs).toISOString();
      const sample = ([metricType, value]: [string, number]): Sample => ({
        metricType,
        source: 'host',
        host,
        container: null,
        mount: null,
        core: null,
        unit: 'percent',
        time,
        value,
        meta: JSON.stringify({ unit: 'percent', host }),
      });
      await record({ samples: Object.entries(figures).map(sample) });
    },
    async containers(...containers) {
      const time = new Date().toISOString();
      await record({
        containers: containers.map((data) => ({ status: 'running', host: 'a1', time, ...data })),
      });
    },
    async lines(service, messages, ageMs = 0) {
      const timestamp = new Date(Date.now() - ageMs).toISOString();
      const logs: Log['data'][] = messages.map((message) => {
        seq += 1;
        return { service, level: 'info', message, timestamp, host: 'a1', stream: 'stdout', seq };
      });
      await record({ logs });
    },
    stop: () => session.stop(),
  };
}
