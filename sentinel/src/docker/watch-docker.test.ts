import { createManualClock, silentLogger } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createFakeEngine, fakeContainer, fakeEvent } from '../test-support/fake-engine.js';
import { settle } from '../test-support/settle.js';
import type { Report } from './container-change.js';
import { watchDocker } from './watch-docker.js';

const START_MS = Date.UTC(2026, 0, 17, 4, 30);

async function setUp(prepare: (engine: ReturnType<typeof createFakeEngine>) => void = () => {}) {
  const clock = createManualClock(START_MS);
  const engine = createFakeEngine();
  engine.containers = [
    fakeContainer('c1', 'api'),
    fakeContainer('c2', 'db', { State: 'exited', ExitCode: 2 }),
  ];
  prepare(engine);
  const told: string[] = [];
  const reports: { report: Report; timeMs: number }[] = [];
  const log: string[] = [];
  const listed: string[][] = [];
  const watch = watchDocker({
    address: { kind: 'unix', path: '/run/docker.sock' },
    open: engine.open,
    clock,
    logger: {
      ...silentLogger,
      warn: (_fields, text) => void log.push(`warn ${text}`),
      info: (_fields, text) => void log.push(`info ${text}`),
    },
    onReports(batch, timeMs) {
      for (const report of batch) {
        reports.push({ report, timeMs });
        told.push(describeReport(report));
      }
    },
    onListed: (ids) => void listed.push([...ids]),
    onEvent() {},
  });
  await settle();
  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await settle();
  }
  /** What was told since the last time. */
  const news = () => told.splice(0);
  return { clock, engine, watch, log, listed, reports, news, pass };
}

function describeReport({ facts, previousName, removed }: Report): string {
  const words = [facts.name, facts.status];
  if (facts.exitCode !== null) words.push(String(facts.exitCode));
  if (facts.health === 'healthy' || facts.health === 'unhealthy') words.push(facts.health);
  if (previousName !== undefined) words.push(`was ${previousName}`);
  if (removed === true) words.push('removed');
  return words.join(' ');
}

describe('a connected engine', () => {
  it('SE-50: every container at the start, with what only an inspection tells', async () => {
    const { news, reports } = await setUp();
    expect(news()).toEqual(['api running', 'db exited 2']);
    expect(reports[0]?.report.facts.startedAtMs).toBe(Date.parse('2026-01-17T04:00:00.123Z'));
  });

  it('SE-50: every container again every 30 s', async () => {
    const { news, pass } = await setUp();
    news();
    await pass(29_999);
    expect(news()).toEqual([]);
    await pass(1);
    expect(news()).toEqual(['api running', 'db exited 2']);
  });

  it('SE-51: an event, told at once with the time of the engine', async () => {
    const { engine, reports, news } = await setUp();
    news();
    engine.emit(fakeEvent('pause', 'c1', 'api', START_MS + 500));
    expect(news()).toEqual(['api paused']);
    expect(reports.at(-1)?.timeMs).toBe(START_MS + 500);
  });

  it('SE-51: an unknown container starts, told from the event and completed by an inspection', async () => {
    const { engine, news } = await setUp();
    news();
    engine.containers.push(fakeContainer('c3', 'new', { Health: 'healthy' }));
    engine.emit(fakeEvent('start', 'c3', 'new', START_MS + 1));
    expect(news()).toEqual(['new running']);
    await settle();
    expect(news()).toEqual(['new running healthy']);
  });

  it('SE-51: an inspection that tells nothing new, nothing told twice', async () => {
    const { engine, news } = await setUp();
    news();
    engine.emit(fakeEvent('start', 'c1', 'api', START_MS + 1));
    await settle();
    expect(news()).toEqual(['api running']);
  });

  it('SE-52: a container dies and restarts by its policy, both are told', async () => {
    const { engine, news } = await setUp();
    news();
    engine.containers = [fakeContainer('c1', 'api', { State: 'restarting', ExitCode: 1 })];
    engine.emit(fakeEvent('die', 'c1', 'api', START_MS + 1, { exitCode: '1' }));
    await settle();
    expect(news()).toEqual(['api exited 1', 'api restarting 1']);
  });

  it('SE-59: an event overtakes an inspection, the old answer is not believed and asked for again', async () => {
    const { engine, news } = await setUp();
    news();
    engine.holdAnswers = true;
    engine.emit(fakeEvent('start', 'c1', 'api', START_MS + 1));
    engine.containers = [fakeContainer('c1', 'api', { State: 'exited', ExitCode: 9 })];
    engine.emit(fakeEvent('die', 'c1', 'api', START_MS + 2, { exitCode: '9' }));
    engine.holdAnswers = false;
    engine.releaseAnswers();
    await settle();
    expect(news()).toEqual(['api running', 'api exited 9']);
  });

  it('SE-59: an event overtakes a list, the list is not believed about that container', async () => {
    const { engine, news, pass } = await setUp();
    news();
    engine.holdAnswers = true;
    await pass(30_000);
    engine.emit(fakeEvent('pause', 'c1', 'api', START_MS + 30_001));
    engine.holdAnswers = false;
    engine.releaseAnswers();
    await settle();
    expect(news()).toEqual(['api paused', 'db exited 2']);
  });

  it('SE-59: an event overtakes the first look at a container, it is looked at again', async () => {
    const { engine, reports, pass } = await setUp();
    engine.containers.push(fakeContainer('c3', 'late', { Health: 'healthy' }));
    engine.holdAnswers = true;
    await pass(30_000);
    engine.releaseAnswers();
    await settle();
    engine.emit(fakeEvent('health_status: healthy', 'c3', 'late', START_MS + 30_001));
    engine.holdAnswers = false;
    engine.releaseAnswers();
    await settle();
    const last = reports.findLast(({ report }) => report.facts.id === 'c3');
    expect(last?.report.facts.startedAtMs).toBe(Date.parse('2026-01-17T04:00:00.123Z'));
  });

  it('SE-47: after each full list, who exists is told', async () => {
    const { engine, listed, pass } = await setUp();
    engine.containers.shift();
    await pass(30_000);
    expect(listed).toEqual([['c1', 'c2'], ['c2']]);
  });

  it('SE-53: a rename that no event told, found by the next list', async () => {
    const { engine, news, pass } = await setUp();
    news();
    engine.containers = [fakeContainer('c1', 'api-2')];
    await pass(30_000);
    expect(news()).toEqual(['db exited 2 removed', 'api-2 running was api']);
  });

  it('SE-54: removed, told once and never again', async () => {
    const { engine, news, pass } = await setUp();
    news();
    engine.containers.shift();
    engine.emit(fakeEvent('destroy', 'c1', 'api', START_MS + 1));
    await pass(30_000);
    expect(news()).toEqual(['api running removed', 'db exited 2']);
  });
});

describe('an engine that is absent', () => {
  it('SE-56: never there, one warning in an hour, looked for every 30 s', async () => {
    const { engine, log, pass, watch } = await setUp((fake) => {
      fake.absent = 'ENOENT';
    });
    for (let minute = 0; minute < 120; minute += 1) await pass(30_000);
    expect(log).toEqual(['warn docker engine cannot be reached; it is tried again and again']);
    expect(engine.opens).toBe(121);
    expect(watch.state).toMatchObject({ status: 'down', cause: 'enoent', sinceMs: START_MS });
  });

  it('SE-56: stopped and back, one warning, one line, and what happened meanwhile is told', async () => {
    const { engine, log, pass, news, watch } = await setUp();
    news();
    engine.absent = 'ECONNREFUSED';
    engine.cut();
    await pass(10_000);
    await pass(0);
    engine.absent = null;
    engine.containers = [
      fakeContainer('c1', 'api', { State: 'exited', ExitCode: 137 }),
      fakeContainer('c9', 'late'),
    ];
    await pass(2000);
    expect(news()).toEqual(['db exited 2 removed', 'api exited 137', 'late running']);
    expect(log.slice(1)).toEqual([
      'warn docker engine cannot be reached; it is tried again and again',
      'info docker engine connected',
    ]);
    expect(watch.state.status).toBe('up');
  });

  it('SE-64: cut off, those that ran are still named, and cannot be read', async () => {
    const { engine, pass, watch } = await setUp();
    engine.absent = 'ECONNREFUSED';
    engine.cut();
    await pass(0);
    expect(watch.running().map(({ name }) => name)).toEqual(['api']);
    await expect(watch.stats('c1')).rejects.toThrow('not connected');
  });

  it('SE-57: a local socket that was there before, found within 2 s', async () => {
    const { engine, pass } = await setUp();
    engine.absent = 'ECONNREFUSED';
    await pass(6000);
    engine.cut();
    await pass(0);
    const opens = engine.opens;
    for (let second = 0; second < 10; second += 1) await pass(1000);
    expect(engine.opens - opens).toBe(5);
  });

  it('SE-56: a stream that is cut while the engine is there, no line at all', async () => {
    const { engine, log, pass, news } = await setUp();
    await pass(6000);
    engine.cut();
    await pass(0);
    expect(log).toEqual(['info docker engine connected']);
    engine.emit(fakeEvent('pause', 'c1', 'api', START_MS + 7000));
    expect(news()).toContain('api paused');
  });

  it('SE-58: after a reconnect, events since the last one, and what is repeated is not told again', async () => {
    const { engine, pass, news } = await setUp();
    const event = fakeEvent('pause', 'c1', 'api', START_MS + 500);
    engine.emit(event);
    await pass(6000);
    engine.containers = [fakeContainer('c1', 'api', { State: 'paused' })];
    engine.cut();
    await pass(0);
    news();
    engine.emit(event);
    engine.emit(fakeEvent('unpause', 'c1', 'api', START_MS + 6500));
    expect(engine.sinces).toEqual([null, START_MS + 499]);
    expect(news()).toEqual(['api running']);
  });

  it('SE-29: stopped, nothing is scheduled, whether connected or not', async () => {
    const connected = await setUp();
    await connected.watch.stop();
    const absent = await setUp((fake) => {
      fake.absent = 'ENOENT';
    });
    await absent.watch.stop();
    expect([connected.clock.scheduled, absent.clock.scheduled]).toEqual([0, 0]);
  });
});
