/**
 * What watching costs the watched: CPU and memory of the built sentinel at 1 Hz, without containers and with 20,
 * beside prometheus-node-exporter scraped at 1 Hz. All run at once, so that they meet the same machine. Then how
 * long after the engine's own event a container's change is at a subscriber of Redis. Must show 5 and 10.
 */
import { get } from 'node:http';
import { systemClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { Redis } from 'ioredis';
import { builtEntry } from '../src/support/built-entry.js';
import { startDocker, type TestDocker } from '../src/support/docker.js';
import { freePort } from '../src/support/free-port.js';
import { startProcess, type TestProcess } from '../src/support/process.js';
import { startRedis } from '../src/support/redis.js';
import { findProgram, findRequirements } from '../src/support/requirements.js';
import { pause } from '../src/support/within.js';
import type { BenchOptions, BenchResult, BenchRow } from './harness.js';
import { median, readProcessUsage, round } from './harness.js';

const CONTAINERS = 20;
const WARM_UP_MS = 6000;
const INTERVAL_MS = 1000;
/** The flags of `npm start -w sentinel`. */
const NODE_FLAGS = ['--max-semi-space-size=1', '--optimize-for-size'];

interface Usage {
  cpuMsPerMinute: number;
  rssMb: number;
}

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const redis = await startRedis();
    stops.push(redis.stop);
    const engine = await startContainers(note);
    if (engine !== null) stops.push(engine.stop);

    const peers = new Map<string, TestProcess>();
    const start = async (name: string, starting: Promise<TestProcess>) => {
      const process = await starting;
      peers.set(name, process);
      stops.push(() => process.stop());
    };
    const exporterPort = await freePort();
    await start('node_exporter', startExporter(exporterPort));
    await start('sentinel', startSentinel(redis.url, 'unix:///nonexistent.sock'));
    if (engine !== null)
      await start(`sentinel + ${CONTAINERS} containers`, startSentinel(redis.url, engine.host));
    const endScraping = systemClock.every(INTERVAL_MS, () => scrape(exporterPort));
    stops.push(async () => endScraping());

    await pause(WARM_UP_MS);
    const measureMs = quick ? 24_000 : 120_000;
    note(`measuring ${[...peers.keys()].join(', ')} for ${measureMs / 1000} s`);
    const usages = await measure(peers, measureMs);
    const exporter = usages.get('node_exporter');
    const alone = usages.get('sentinel');
    const full = usages.get(`sentinel + ${CONTAINERS} containers`);
    const figures: Record<string, number> = {
      cpu_vs_node_exporter: round((alone?.cpuMsPerMinute ?? 0) / (exporter?.cpuMsPerMinute ?? 0)),
      rss_mb: round(full?.rssMb ?? alone?.rssMb ?? 0, 1),
    };
    if (engine !== null) {
      note('measuring from the event of the engine to a subscriber of Redis');
      const delays = await measureEvents(engine, redis.url);
      figures['event_ms_p50'] = median(delays);
      figures['event_ms_max'] = Math.max(...delays);
    }
    return { bench: 'sentinel', rows: [...usages].map(renderRow), figures };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function startContainers(note: (line: string) => void): Promise<TestDocker | null> {
  const { dockerd } = findRequirements(process.env);
  if ('missing' in dockerd) {
    note(`no containers: ${dockerd.missing}`);
    return null;
  }
  note(`starting ${CONTAINERS} containers`);
  const engine = await startDocker();
  for (let first = 0; first < CONTAINERS; first += 4)
    await Promise.all([0, 1, 2, 3].map((n) => engine.run(`bench-${first + n}`, ['sleep', '10000'])));
  return engine;
}

function startExporter(port: number): Promise<TestProcess> {
  const program = findProgram('nodeExporter', process.env);
  if (program === undefined)
    throw new Error('prometheus-node-exporter is not installed (apt-get install it)');
  return startProcess(
    program,
    [`--web.listen-address=127.0.0.1:${port}`],
    {},
    { readyWhen: /Listening on|TLS is/ },
  );
}

function startSentinel(redisUrl: string, dockerHost: string): Promise<TestProcess> {
  const env = {
    PORT: '0',
    REDIS_URL: redisUrl,
    DOCKER_HOST: dockerHost,
    SAMPLE_INTERVAL_MS: String(INTERVAL_MS),
  };
  return startProcess(process.execPath, [...NODE_FLAGS, builtEntry('sentinel')], env, {
    readyWhen: /sentinel runs/,
  });
}

function scrape(port: number): void {
  get({ host: '127.0.0.1', port, path: '/metrics' }, (response) => response.resume()).on('error', () => {});
}

/** RSS is the highest that was seen, once a second. */
async function measure(peers: ReadonlyMap<string, TestProcess>, forMs: number): Promise<Map<string, Usage>> {
  const before = new Map([...peers].map(([name, { pid }]) => [name, readProcessUsage(pid)]));
  const highest = new Map<string, number>();
  const startedMs = performance.now();
  while (performance.now() - startedMs < forMs) {
    await pause(INTERVAL_MS);
    for (const [name, { pid }] of peers)
      highest.set(name, Math.max(highest.get(name) ?? 0, readProcessUsage(pid).rssBytes));
  }
  const minutes = (performance.now() - startedMs) / 60_000;
  return new Map(
    [...peers].map(([name, { pid }]) => {
      const cpuMs = readProcessUsage(pid).cpuMs - (before.get(name)?.cpuMs ?? 0);
      return [name, { cpuMsPerMinute: cpuMs / minutes, rssMb: (highest.get(name) ?? 0) / 1e6 }];
    }),
  );
}

/** Milliseconds from the engine's own time of each change to its arrival at a subscriber. */
async function measureEvents(engine: TestDocker, redisUrl: string): Promise<number[]> {
  const redis = new Redis(redisUrl);
  const delays: number[] = [];
  let arrived = () => {};
  redis.on('message', (_channel, text: string) => {
    const receivedMs = Date.now();
    const result = parseBusMessage(text);
    if (!result.ok || result.message.type !== 'container_status') return;
    const { status, time } = result.message.data;
    if (status !== 'paused') return;
    delays.push(receivedMs - Date.parse(time));
    arrived();
  });
  await redis.subscribe(CHANNELS.metrics);
  for (let n = 0; n < CONTAINERS; n += 1) {
    const container = engine.docker.getContainer(`bench-${n}`);
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await container.pause();
    await arrival;
    await container.unpause();
  }
  redis.disconnect();
  return delays;
}

function renderRow([name, usage]: [string, Usage]): BenchRow {
  return {
    process: name,
    'cpu (ms per minute)': round(usage.cpuMsPerMinute, 0),
    'rss (MB, highest)': round(usage.rssMb, 1),
  };
}
