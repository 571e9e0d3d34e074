/**
 * Whether slow clients harm the others: 98 good clients and 2,000 samples a second into the gateway, with alerts
 * among them; without bad clients, then with one that never reads and one that reads 1 kB a second and answers pings,
 * in turn. Alerts are few enough to fit into 1 kB a second, for they are never dropped. The
 * gateway lets 1,000 messages a second out, so that the machine is not the limit and what is unsent grows beyond
 * what the kernel holds. Must show 3.
 */
import { createRedisBus, silentLogger } from '@pulsewire/runtime';
import { startRedis } from '../src/support/redis.js';
import { openSocket, type TestSocket } from '../src/support/websocket.js';
import { pause } from '../src/support/within.js';
import { type Bench, type BenchRow, median, readProcessUsage, round } from './harness.js';
import type { ClientsAnswer, ClientsQuestion } from './load/clients.js';
import type { PublisherAnswer, PublisherQuestion } from './load/publisher.js';
import { BENCH_KEY, type Server, startGateway } from './load/servers.js';
import { sharedNowMs } from './load/shared-clock.js';
import { startWorker, type Worker } from './load/worker.js';
import { type Alerts, startAlerts } from './slow/alerts.js';
import { type BadClient, type Heard, openBadClient, type Read } from './slow/bad-client.js';

interface Scene {
  publisher: Worker<PublisherQuestion, PublisherAnswer>;
  clients: Worker<ClientsQuestion, ClientsAnswer>;
  server: Server;
  alerts: Alerts;
}

interface Measured {
  p99Ms: number;
  received: number;
  lost: number;
  rssBytes: number;
}

interface Bad {
  never: BadClient;
  slow: BadClient;
}

const GOOD_CLIENTS = 98;
const SAMPLES_PER_SECOND = 2000;
const OUT_PER_SECOND = 1000;
const ALERTS_PER_SECOND = 1;
const SLOW_BYTES_PER_SECOND = 1000;
/** What every client of a gateway with its default settings gets. */
const SLOW_RATE = 200;
const QUICK = { rounds: 1, windows: 3, fillMs: 12_000 };
/** Long enough for the one to be cut off, and for the other to have read what it was written at first. */
const FULL = { rounds: 2, windows: 4, fillMs: 60_000 };
/** A hiccup of the machine spoils one window, and the median of all forgets it. */
const WINDOW_MS = 1000;
const WARM_UP_MS = 2500;
const SETTLE_MS = 500;
/** After a rest nothing is as quick as before. */
const AWAKE_MS = 1000;

export const bench: Bench = async ({ quick, note }) => {
  const plan = quick ? QUICK : FULL;
  const releases: (() => unknown)[] = [];
  try {
    const redis = await startRedis();
    releases.push(redis.stop);
    const server = await startGateway(redis.url, { messagesPerSecond: OUT_PER_SECOND });
    releases.push(server.stop);
    const publisher = startWorker<PublisherQuestion, PublisherAnswer>('publisher');
    const clients = startWorker<ClientsQuestion, ClientsAnswer>('clients');
    releases.push(publisher.stop, clients.stop);
    await publisher.ask({ redisUrl: redis.url });
    const bus = createRedisBus({ url: redis.url, name: 'slow-alerts', logger: silentLogger });
    releases.push(() => bus.stop());
    const url = `ws://127.0.0.1:${server.port}${server.path}?topics=alerts`;
    const witness = await openSocket(url, { headers: { 'x-api-key': BENCH_KEY } });
    releases.push(() => witness.socket.terminate());
    const good = { port: server.port, path: server.path, key: BENCH_KEY, count: GOOD_CLIENTS - 1 };
    await clients.ask({ do: 'connect', ...good });
    const alerts = startAlerts(bus, ALERTS_PER_SECOND);
    const scene: Scene = { publisher, clients, server, alerts };
    await load(scene, WARM_UP_MS);

    const without: Measured[] = [];
    const together: Measured[] = [];
    const ratios: number[] = [];
    const heard: Heard[] = [];
    const late: Read[] = [];
    const firstAlertsMs: number[] = [];
    let alertsMissing = 0;
    let cutOff = 0;
    for (let index = 0; index < plan.rounds; index += 1) {
      const alone = await measure(scene, plan.windows);
      const before = alerts.count();
      const bad = openBad(server);
      await measure(scene, plan.fillMs / WINDOW_MS);
      const filledMs = sharedNowMs();
      const beside = await measure(scene, 2 * plan.windows);
      const upTo = alerts.count();
      await pause(SETTLE_MS);
      const [slow, never] = await Promise.all([bad.slow.catchUp(), bad.never.catchUp()]);
      heard.push(slow);
      late.push(...slow.reads.filter(({ readMs }) => readMs >= filledMs));
      firstAlertsMs.push(slow.reads.find(({ number }) => (number ?? 0) > before)?.ageMs ?? Number.NaN);
      if (never.wasEnded) cutOff += 1;
      alertsMissing += missing(slow.alerts, before, upTo);
      bad.never.destroy();
      bad.slow.destroy();
      await load(scene, AWAKE_MS);
      alone.push(...(await measure(scene, plan.windows)));
      const ratio = round(medianP99(beside) / medianP99(alone));
      ratios.push(ratio);
      without.push(...alone);
      together.push(...beside);
      note(
        `round ${index + 1}: ratio ${ratio}; at 1 kB/s: ${describe(slow)}; never reading: ${describe(never)}`,
      );
    }
    alerts.stop();
    await pause(SETTLE_MS);
    const witnessMissing = missing(alertNumbers(witness), 0, alerts.count());
    return {
      bench: 'slow',
      rows: [renderRow('98 good', without), renderRow('98 good, 1 never reads, 1 at 1 kB/s', together)],
      figures: {
        p99_ratio: round(medianP99(together) / medianP99(without)),
        p99_ratio_highest: Math.max(...ratios),
        rss_growth_mb: round((highestRss(together) - highestRss(without)) / 1e6, 1),
        good_alerts_missing: witnessMissing,
        slow_alerts_missing: alertsMissing,
        slow_notices: heard.reduce((sum, { noticesInTime }) => sum + noticesInTime, 0),
        slow_first_alert_s: seconds(Math.max(...firstAlertsMs)),
        slow_alert_age_s: seconds(median(agesOf(late, true))),
        slow_sample_age_s: seconds(median(agesOf(late, false))),
        slow_cut_off: heard.filter(({ wasEnded }) => wasEnded).length,
        never_reading_cut_off: cutOff,
        good_disconnects: [...without, ...together].reduce((sum, { lost }) => sum + lost, 0),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

function medianP99(measured: readonly Measured[]): number {
  return median(measured.map(({ p99Ms }) => p99Ms));
}

function agesOf(reads: readonly Read[], alerts: boolean): number[] {
  return reads.filter(({ number }) => (number !== null) === alerts).map(({ ageMs }) => ageMs);
}

function seconds(ms: number): number {
  return round(ms / 1000, 1);
}

async function measure(scene: Scene, windows: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let index = 0; index < windows; index += 1) measured.push(await load(scene, WINDOW_MS));
  return measured;
}

/** Publishes for a while and sums up what the good clients saw, and the most memory that was seen. */
async function load({ publisher, clients, server }: Scene, forMs: number): Promise<Measured> {
  await clients.ask({ do: 'take' });
  let rssBytes = 0;
  let over = false;
  const publishing = publisher.ask({ perSecond: SAMPLES_PER_SECOND, forMs }).finally(() => {
    over = true;
  });
  while (!over) {
    rssBytes = Math.max(rssBytes, readProcessUsage(server.pid).rssBytes);
    await Promise.race([publishing, pause(SETTLE_MS)]);
  }
  const { p99Ms, received, lost } = await clients.ask({ do: 'take' });
  return { p99Ms, received, lost, rssBytes };
}

function openBad({ port, path }: Server): Bad {
  const to = { port, path, key: BENCH_KEY };
  const slow = { ...to, path: `${path}?rate=${SLOW_RATE}` };
  return { never: openBadClient(to, 0), slow: openBadClient(slow, SLOW_BYTES_PER_SECOND) };
}

/** Alerts between two counts that are not among these; what a closed connection could not carry counts, too. */
function missing(numbers: readonly number[], after: number, upTo: number): number {
  const heard = new Set(numbers);
  const wanted = Array.from({ length: upTo - after }, (_, index) => after + 1 + index);
  return wanted.filter((number) => !heard.has(number)).length;
}

function alertNumbers({ messages }: TestSocket): number[] {
  return messages.filter(({ type }) => type === 'alert').map(({ data }) => Number(data['message']));
}

function highestRss(measured: readonly Measured[]): number {
  return Math.max(...measured.map(({ rssBytes }) => rssBytes));
}

function describe({ alerts, notices, samples, wasEnded }: Heard): string {
  const end = wasEnded ? 'cut off' : 'not cut off';
  return `${samples} samples, ${alerts.length} alerts, ${notices} notices, ${end}`;
}

function renderRow(clients: string, measured: readonly Measured[]): BenchRow {
  return {
    clients,
    'p99 ms of the good (median second)': round(medianP99(measured)),
    'messages received': measured.reduce((sum, { received }) => sum + received, 0),
    'highest rss MB': round(highestRss(measured) / 1e6, 1),
    disconnects: measured.reduce((sum, { lost }) => sum + lost, 0),
  };
}
