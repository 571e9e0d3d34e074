/**
 * From the Docker Engine's own event to a client of the feed: what containers do must show within 100 ms. Must
 * show 5. The engine's event time and the client's clock are this machine's, so their difference is the delay.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtEntry } from '../src/support/built-entry.js';
import { startDocker, type TestDocker } from '../src/support/docker.js';
import { startProcess } from '../src/support/process.js';
import { openSocket, type TestSocket, type WireMessage } from '../src/support/websocket.js';
import type { BenchOptions, BenchResult } from './harness.js';
import { percentile, round } from './harness.js';

const KEY = 'docker-bench-key-0123456789';
const BYSTANDERS = 10;

interface Deed {
  name: string;
  /** The engine's name of the event. */
  event: string;
  shows: (message: WireMessage) => boolean;
}

interface Seen {
  message: WireMessage;
  atMs: number;
}

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulsewire-bench-'));
  const engine = await startDocker();
  const env = { PORT: '0', DATA_DIR: dataDir, DOCKER_HOST: engine.host, API_KEYS: `bench:${KEY}` };
  const app = await startProcess(process.execPath, [builtEntry('app')], env);
  try {
    for (let n = 0; n < BYSTANDERS; n += 1) await engine.run(`bystander-${n}`, ['sleep', '600']);
    const [, address = ''] = await app.line(/Pulsewire is live: (\S+)/);
    const url = `${address.replace('http', 'ws')}api/system/ws`;
    const feed = await openSocket(url, { headers: { 'x-api-key': KEY } });
    await feed.first(({ type, data }) => type === 'snapshot' && data['phase'] === 'end');
    const delays = await measure(engine, feed, quick ? 5 : 25, note);
    await feed.close();
    return summarise(delays);
  } finally {
    await app.stop();
    await engine.stop();
    rmSync(dataDir, { recursive: true });
  }
}

async function measure(
  engine: TestDocker,
  feed: TestSocket,
  rounds: number,
  note: (line: string) => void,
): Promise<Map<string, number[]>> {
  const seen: Seen[] = [];
  feed.socket.on('message', () => {
    const message = feed.messages.at(-1);
    if (message?.type === 'container_status') seen.push({ message, atMs: wallMs() });
  });
  const events = await readEvents(engine);
  const delays = new Map<string, number[]>();
  for (let n = 0; n < rounds; n += 1) {
    note(`round ${n + 1} of ${rounds}`);
    await playRound({ engine, feed, seen, events, delays, name: `round-${n}` });
  }
  events.stop();
  return delays;
}

async function playRound(scene: {
  engine: TestDocker;
  feed: TestSocket;
  seen: Seen[];
  events: EngineEvents;
  delays: Map<string, number[]>;
  name: string;
}): Promise<void> {
  const { engine, feed, seen, events, delays, name } = scene;
  const is = (status: string) => (message: WireMessage) =>
    message.data['container'] === name && message.data['status'] === status;
  const id = await engine.run(name, ['sleep', '600']);
  const container = engine.docker.getContainer(id);
  const deeds: [Deed, () => Promise<unknown>][] = [
    [{ name: 'start', event: 'start', shows: is('running') }, async () => undefined],
    [{ name: 'pause', event: 'pause', shows: is('paused') }, () => container.pause()],
    [{ name: 'unpause', event: 'unpause', shows: is('running') }, () => container.unpause()],
    [
      {
        name: 'rename',
        event: 'rename',
        shows: ({ data }) => data['previous_name'] === name && data['container'] === `${name}-renamed`,
      },
      () => container.rename({ name: `${name}-renamed` }),
    ],
    [
      {
        name: 'kill',
        event: 'die',
        shows: ({ data }) => data['container'] === `${name}-renamed` && data['status'] === 'exited',
      },
      () => container.kill(),
    ],
  ];
  let from = 0;
  for (const [deed, act] of deeds) {
    await act();
    await feed.next(deed.shows);
    const eventMs = await events.timeOf(id, deed.event);
    const index = seen.findIndex(({ message }, at) => at >= from && deed.shows(message));
    from = index + 1;
    const list = delays.get(deed.name) ?? [];
    list.push((seen[index]?.atMs ?? Number.NaN) - eventMs);
    delays.set(deed.name, list);
  }
  seen.length = 0;
  await container.remove({ force: true });
}

interface EngineEvents {
  /** Epoch milliseconds of the first event of this kind for this container. */
  timeOf(id: string, action: string): Promise<number>;
  stop(): void;
}

async function readEvents(engine: TestDocker): Promise<EngineEvents> {
  const times = new Map<string, number>();
  const waiting = new Set<() => void>();
  const stream = await engine.docker.getEvents({ filters: { type: ['container'] } });
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text !== '')) {
      const { Action, Actor, timeNano } = JSON.parse(line) as {
        Action: string;
        Actor: { ID: string };
        timeNano: number;
      };
      times.set(`${Actor.ID} ${Action}`, timeNano / 1e6);
    }
    for (const look of [...waiting]) look();
  });
  return {
    timeOf: (id, action) =>
      new Promise((resolve) => {
        const look = () => {
          const time = times.get(`${id} ${action}`);
          if (time !== undefined) resolve(time);
        };
        waiting.add(look);
        look();
      }),
    stop: () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy(),
  };
}

function summarise(delays: Map<string, number[]>): BenchResult {
  const all = [...delays.values()].flat();
  const rows = [...delays].map(([what, values]) => ({
    event: what,
    times: values.length,
    'p50 ms': round(percentile(values, 50), 1),
    'worst ms': round(Math.max(...values), 1),
  }));
  return {
    bench: 'docker',
    rows,
    figures: {
      p50_ms_event_to_feed: round(percentile(all, 50), 1),
      max_ms_event_to_feed: round(Math.max(...all), 1),
    },
  };
}

/** Wall time with fractions of a millisecond. */
function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
