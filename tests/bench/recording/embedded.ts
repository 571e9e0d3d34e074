/**
 * Worker: the rooms of the embedded start in one process, with a load in the place of the sentinel: memory bus →
 * gateway, and beside it, where it is asked for, the recorder with the embedded database.
 */
import { recorderSettings, startRecorder } from '@pulsewire/recorder';
import {
  type Bus,
  createHealth,
  createHttpHost,
  createMemoryBus,
  createMetrics,
  parseApiKeys,
  readConfig,
  silentLogger,
} from '@pulsewire/runtime';
import { openDatabase, startPglite } from '@pulsewire/store';
import { gatewaySettings, startGateway } from '@pulsewire/ws-gateway';
import { pause } from '../../src/support/within.js';
import { BENCH_KEY } from '../load/servers.js';
import { type PublishingPhase, publishSteadily } from '../load/steady-load.js';
import { answer } from '../load/worker.js';

export type EmbeddedQuestion =
  | { do: 'start'; dataDir: string | null }
  | ({ do: 'publish' } & PublishingPhase)
  /** Answers once everything that was published is recorded. */
  | { do: 'record' };
export interface EmbeddedAnswer {
  port: number;
  databasePid: number | null;
  published: number;
}

/** As the app has it. */
const LOG = { logEntries: 50_000, logBytes: 16_777_216 };
const LOOK_EVERY_MS = 50;
const SETTINGS = { MAX_MESSAGES_PER_SECOND: '5000', MAX_CLIENTS: '200' };

const logger = silentLogger;
const metrics = createMetrics({ process: 'bench' });
const health = createHealth();
let bus: Bus | null = null;
let published = 0;
let isRecording = false;
let port = 0;
let databasePid: number | null = null;

answer<EmbeddedQuestion, EmbeddedAnswer>(async (question) => {
  if (question.do === 'start') await start(question.dataDir);
  if (question.do === 'publish' && bus !== null) published += await publishSteadily(bus, question);
  if (question.do === 'record') await allRecorded();
  return { port, databasePid, published };
});

async function start(dataDir: string | null): Promise<void> {
  bus = createMemoryBus(LOG);
  const http = createHttpHost({ host: '127.0.0.1', port: 0, logger, health, metrics });
  const settings = readConfig(SETTINGS, gatewaySettings);
  const keys = parseApiKeys(`bench:${BENCH_KEY}`);
  await startGateway({ bus, settings, keys, logger, metrics, health, http });
  ({ port } = await http.listen());
  if (dataDir === null) return;
  const pglite = await startPglite({ dataDir, logger });
  databasePid = pglite.pid;
  const database = openDatabase({ ...pglite, name: 'bench', logger });
  await database.ready;
  const room = { bus, ownLog: true, database, logger, metrics, health };
  await startRecorder({ ...room, settings: readConfig({}, recorderSettings) });
  isRecording = true;
}

async function allRecorded(): Promise<void> {
  while (isRecording && (await countRecorded()) < published) await pause(LOOK_EVERY_MS);
}

async function countRecorded(): Promise<number> {
  const found = await metrics.getSingleMetric('pulsewire_recorder_rows_total')?.get();
  return found?.values[0]?.value ?? 0;
}
