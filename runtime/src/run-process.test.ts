import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let directory: string;
let fixture: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pulsewire-run-process-'));
  fixture = join(directory, 'fixture.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./testing/process-fixture.ts', import.meta.url))],
    outfile: fixture,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['pulsewire-source'],
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Played {
  child: ChildProcess;
  started: Promise<unknown>;
  ended: Promise<{ code: number | null; errors: string }>;
}

function play(name: string): Played {
  const child = spawn(process.execPath, [fixture, name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  return { child, started: once(child.stdout, 'data'), ended };
}

describe('run process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('RT-37: asked to stop by %s, ends with 0', async (signal) => {
    const { child, started, ended } = play('runs');
    await started;
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, errors: '' });
  });

  it('RT-38: bad configuration, ends with 2, every mistake said and no stack', async () => {
    const { code, errors } = await play('misconfigured').ended;
    expect(code).toBe(2);
    expect(errors).toContain('PORT="x": must be a number');
    expect(errors).not.toContain('    at ');
  });

  it('RT-39: a start that fails, ends with 1, its reason said without secrets', async () => {
    const { code, errors } = await play('fails').ended;
    expect(code).toBe(1);
    expect(errors).toContain('no luck with redis://[redacted]@host');
  });

  it('RT-40: a crash while running, or a stop that fails, ends with 1', async () => {
    expect(await play('crashes').ended).toMatchObject({ code: 1 });
    const { child, started, ended } = play('stops badly');
    await started;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining('stuck') });
  });

  it('RT-41: a second signal while stopping, ends it at once with 1', async () => {
    const { child, started, ended } = play('never stops');
    await started;
    child.kill('SIGTERM');
    const again = setInterval(() => child.kill('SIGTERM'), 20);
    expect((await ended).code).toBe(1);
    clearInterval(again);
  });
});
