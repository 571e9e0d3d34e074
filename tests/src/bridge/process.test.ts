/** The bridge as a process, in real time. Rules: status-bridge/SPEC.md. */
import { afterEach, expect, it } from 'vitest';
import { builtCommand } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startProcess } from '../support/process.js';
import { poll } from '../support/within.js';
import { type BridgeRig, connectClient, createRig, KEY, KEYS } from './bridge-rig.js';

describeWith('postgresql-server', 'the status bridge as a process', () => {
  let rig: BridgeRig | undefined;
  afterEach(async () => {
    await rig?.stop();
    rig = undefined;
  });

  it('SB-41: nothing configured, exit code 2 and every mistake', async () => {
    const env = { BRIDGE_ALLOWED_ORIGINS: 'everywhere', PORT: 'many' };
    const bridge = await startProcess(process.execPath, builtCommand('status-bridge'), env);
    expect(await bridge.exited).toEqual({ code: 2, signal: null });
    for (const name of ['BRIDGE_DATABASE_URL', 'API_KEYS', 'BRIDGE_ALLOWED_ORIGINS', 'PORT'])
      expect(bridge.output()).toContain(name);
  });

  it('SB-10, SB-11, SB-31, SB-41: updates every 5 s; frozen, told after 10 s; thawed, back; a signal, the end', async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    const port = await freePort();
    const env = {
      BRIDGE_DATABASE_URL: rig.readerUrl,
      API_KEYS: KEYS,
      PORT: String(port),
      LOG_FORMAT: 'json',
    };
    const bridge = await startProcess(process.execPath, builtCommand('status-bridge'), env, {
      readyWhen: /the status bridge is listening/,
    });
    const url = `http://127.0.0.1:${port}`;
    const client = connectClient(url);
    await client.first('metrics:update', 3);
    await rig.postgres.freeze();
    try {
      const frozenMs = performance.now();
      const late = await poll(
        async () => {
          const answer = await fetch(`${url}/api/status`, { headers: { 'x-api-key': KEY } });
          return answer.status === 200 ? undefined : answer;
        },
        { what: 'another answer', timeoutMs: 20_000, everyMs: 100 },
      );
      const silentS = (performance.now() - frozenMs) / 1000;
      expect(late.status).toBe(503);
      expect(silentS).toBeGreaterThan(8.5);
      expect(await client.first('host:unreachable')).toMatchObject([{ error: 'A1_HOST_UNREACHABLE' }]);
    } finally {
      await rig.postgres.thaw();
    }
    await client.first('host:recovered');
    await client.first('metrics:update', client.all('metrics:update').length + 1);
    client.socket.close();
    expect(await bridge.stop()).toEqual({ code: 0, signal: null });
    expect(bridge.output()).not.toContain(KEY);
  });
});
