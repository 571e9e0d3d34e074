/** Container logs in the embedded process. Rules: app/SPEC.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ask } from '../api/api-rig.js';
import { builtEntry } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { startDocker } from '../support/docker.js';
import { makeFolder, startProcess, type TestProcess } from '../support/process.js';
import { poll } from '../support/within.js';

const KEY = 'configured-key-0123456789';
const COUNTING = 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.02; done';

interface Lines {
  data: { message: string; timestamp: string }[];
  next_before: string | null;
}

const running = new Set<TestProcess>();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const app of running) await app.stop();
  running.clear();
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(dataDir: string, env: Record<string, string>) {
  const given = { PORT: '0', DATA_DIR: dataDir, API_KEYS: `wall:${KEY}`, LOG_FORMAT: 'json', ...env };
  const app = await startProcess(process.execPath, [builtEntry('app')], given);
  running.add(app);
  const [, address = ''] = await app.line(/Pulsewire is live: (\S+)/);
  return { app, base: `http://${new URL(address).host}` };
}

/** Numbers of the lines, oldest first; empty while history is not there. */
async function readNumbers(base: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let before = ''; ; ) {
    const { status, body } = await ask<Lines>(
      `${base}/api/logs?service=counting&limit=100${before && `&before=${before}`}`,
      KEY,
    );
    if (status !== 200) return [];
    numbers.push(...body.data.map(({ message }) => Number(message.slice(5))));
    if (body.next_before === null) return numbers.reverse();
    before = body.next_before;
  }
}

function reached(base: string, number: number): Promise<number[]> {
  const probe = async () => {
    const numbers = await readNumbers(base);
    return (numbers.at(-1) ?? 0) >= number ? numbers : undefined;
  };
  return poll(probe, { what: `line ${number} in the log`, timeoutMs: 60_000, everyMs: 200 });
}

describeWith(['dockerd'], 'logs of the embedded process', () => {
  it('AP-16: stopped and started again, every line is there once and in order', async () => {
    const dataDir = join(await makeFolder('app-logs'), 'data');
    const engine = await startDocker();
    stops.push(engine.stop);
    const first = await start(dataDir, { DOCKER_HOST: engine.host });
    await first.app.line(/docker engine connected/);
    await engine.run('counting', ['sh', '-c', COUNTING]);
    const before = await reached(first.base, 50);
    await first.app.stop();
    running.delete(first.app);
    const second = await start(dataDir, { DOCKER_HOST: engine.host });
    const numbers = await reached(second.base, (before.at(-1) ?? 0) + 100);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }, 180_000);

  it('AP-16: nothing can be written, one warning, and it starts', async () => {
    const file = join(await makeFolder('app-logs'), 'file');
    await writeFile(file, '');
    const { app } = await start(file, { DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
    expect(app.output()).toContain('DATA_DIR cannot be written');
  });
});
