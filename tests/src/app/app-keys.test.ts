/** The embedded process with its keys in a file. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLOSE_CODES } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { makeFolder, startProcess, type TestProcess } from '../support/process.js';
import { openSocket } from '../support/websocket.js';

const FILED_KEY = 'filed-key-0123456789';
const NAMED_KEY = 'named-key-0123456789';

describe('the embedded process with a file of keys', () => {
  let folder: string;
  let file: string;
  let app: TestProcess | undefined;
  beforeEach(async () => {
    folder = await makeFolder('app-keys');
    file = join(folder, 'keys');
    await writeFile(file, `filed:${FILED_KEY}\n`);
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });

  async function start(env: Record<string, string> = {}): Promise<{ url: URL; running: TestProcess }> {
    const running = await startProcess(process.execPath, [builtEntry('app')], {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      API_KEYS_FILE: file,
      ...env,
    });
    app = running;
    const [, address = ''] = await running.line(/Pulsewire is live: (\S+)/);
    return { url: new URL(address), running };
  }
  const open = (url: URL, key: string) =>
    openSocket(`ws://${url.host}/api/system/ws`, { headers: { 'x-api-key': key } });

  it('AP-15: keys in a file, one opens the feed and none is generated or printed', async () => {
    const { url, running } = await start();
    const feed = await open(url, FILED_KEY);
    expect(await feed.first(({ type }) => type === 'hello')).toMatchObject({ type: 'hello' });
    await feed.close();
    expect(url.hash).toBe('');
    expect(await readdir(join(folder, 'data'))).not.toContain('api-key');
    expect(running.output()).not.toContain(FILED_KEY);
  });

  it('AP-15: key leaves the file, after SIGHUP its client is closed with 4401 and one of API_KEYS stays', async () => {
    const { url, running } = await start({ API_KEYS: `named:${NAMED_KEY}` });
    const [filed, named] = [await open(url, FILED_KEY), await open(url, NAMED_KEY)];
    await writeFile(file, `other:another-key-0123456789\n`);
    running.signal('SIGHUP');
    expect((await filed.closed).code).toBe(CLOSE_CODES.keyRevoked);
    named.send({ type: 'ping', data: { t: 1 } });
    expect((await named.first(({ type }) => type === 'pong')).data['t']).toBe(1);
    expect(await running.stop()).toEqual({ code: 0, signal: null });
  });

  it('AP-7: file of keys that is not there, the message names the variable and the exit code is 2', async () => {
    const env = { PORT: '0', DATA_DIR: join(folder, 'data'), API_KEYS_FILE: join(folder, 'none') };
    const run = await startProcess(process.execPath, [builtEntry('app')], env);
    expect(await run.exited).toEqual({ code: 2, signal: null });
    expect(run.output()).toContain('API_KEYS_FILE');
  });
});
