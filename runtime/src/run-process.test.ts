import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** Exit codes need a process of its own, and Node runs what was built. */
const FIXTURE = fileURLToPath(new URL('../dist/process.test-support.js', import.meta.url));

beforeAll(() => {
  if (!existsSync(FIXTURE)) throw new Error('runtime is not built; run "npm run build"');
});

interface Played {
  child: ChildProcess;
  started: Promise<unknown>;
  ended: Promise<{ code: number | null; errors: string }>;
}

function play(name: string): Played {
  const child = spawn(process.execPath, [FIXTURE, name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  return { child, started: once(child.stdout, 'data'), ended };
}

describe('run process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'RT-37: asked to stop by %s, ends with 0',
    async (signal) => {
      const { child, started, ended } = play('runs');
      await started;
      child.kill(signal);
      expect(await ended).toEqual({ code: 0, errors: '' });
    },
  );

  it('RT-37: SIGHUP, and there is something to read again, reads it and goes on until SIGTERM', async () => {
    const { child, started, ended } = play('reloads');
    await started;
    const reloaded = once(child.stdout ?? child, 'data');
    child.kill('SIGHUP');
    const [said] = await reloaded;
    child.kill('SIGTERM');
    expect([String(said), await ended]).toEqual(['reloaded\n', { code: 0, errors: '' }]);
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
    const stopping = once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    await stopping;
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
  });
});
