/** The built app on a fresh data folder, as `npm start` runs it, with nobody looking: what it and its children take. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtCommand } from '../../src/support/built-entry.js';
import { makeFolder, startProcess, type TestProcess } from '../../src/support/process.js';
import { pause } from '../../src/support/within.js';
import { readProcessUsage } from '../harness.js';

export interface IdleUsage {
  /** Of the app and its database, in percent of a core. */
  appCpuPercent: number;
  databaseCpuPercent: number;
  /** Highest that was seen of both together. */
  rssBytes: number;
}

export interface IdleApp {
  /** Highest that was seen until it recorded: the database is made by a process that then ends. */
  readonly firstStartRssBytes: number;
  measure(forMs: number): Promise<IdleUsage>;
  stop(): Promise<unknown>;
}

const READ_EVERY_MS = 250;
/** Short, because making the database takes only a second or two. */
const READ_START_EVERY_MS = 20;
const START_TIMEOUT_MS = 30_000;

/** Resolves when it records. */
export async function startIdleApp(): Promise<IdleApp> {
  const dataDir = await makeFolder('bench');
  const app = await startProcess(process.execPath, builtCommand('app'), { PORT: '0', DATA_DIR: dataDir });
  const records = app.line(/this recorder records/, START_TIMEOUT_MS);
  const firstStartRssBytes = await highestRss(app, READ_START_EVERY_MS, records);
  return { firstStartRssBytes, measure: (forMs) => measure(app, forMs), stop: () => app.stop() };
}

async function measure(app: TestProcess, forMs: number): Promise<IdleUsage> {
  const [database] = childrenOf(app.pid);
  if (database === undefined) throw new Error('the app has no database beside it');
  const before = [app.pid, database].map((pid) => readProcessUsage(pid).cpuMs);
  const startedMs = performance.now();
  const rssBytes = await highestRss(app, READ_EVERY_MS, pause(forMs));
  const elapsedMs = performance.now() - startedMs;
  const [appCpuPercent = Number.NaN, databaseCpuPercent = Number.NaN] = [app.pid, database].map(
    (pid, index) => ((readProcessUsage(pid).cpuMs - (before[index] ?? 0)) * 100) / elapsedMs,
  );
  return { appCpuPercent, databaseCpuPercent, rssBytes };
}

/** Of the process with all its children, until `end` resolves. */
async function highestRss({ pid }: TestProcess, everyMs: number, end: Promise<unknown>): Promise<number> {
  let highest = 0;
  let over = false;
  const ended = end.finally(() => {
    over = true;
  });
  while (!over) {
    const sum = [pid, ...childrenOf(pid)].reduce((total, each) => total + rssOf(each), 0);
    highest = Math.max(highest, sum);
    await Promise.race([ended, pause(everyMs)]);
  }
  await ended;
  return highest;
}

/** 0 when it has just ended. */
function rssOf(pid: number): number {
  try {
    return readProcessUsage(pid).rssBytes;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((each) => parentOf(each) === pid).map(Number);
}

/** `null` when it has just ended. */
function parentOf(pid: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
