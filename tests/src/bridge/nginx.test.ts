/** The bridge behind Debian's nginx with the configuration that we ship. Rules: status-bridge/SPEC.md. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Nginx, startNginx } from '../deploy/nginx.js';
import { describeWith } from '../support/describe-with.js';
import { type BridgeRig, connectClient, createRig, KEY, type RunningBridge } from './bridge-rig.js';

describeWith(['postgresql-server', 'nginx'], 'the status bridge behind nginx', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  let nginx: Nginx;
  let url: string;
  beforeAll(async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    bridge = await rig.start({ settings: { proxyHops: 1 } });
    nginx = await startNginx(bridge.port, 'status-bridge.conf');
    url = `http://127.0.0.1:${nginx.port}`;
  });
  afterAll(async () => {
    await nginx?.stop();
    await rig?.stop();
  });

  it('SB-42: GET with the key, the status', async () => {
    const answer = await fetch(`${url}/api/status`, { headers: { 'x-api-key': KEY } });
    expect([answer.status, await answer.json()]).toMatchObject([200, { infrastructure: { cpu: 45.2 } }]);
  });

  it.each(['websocket', 'polling'])('SB-42: Socket.IO over %s, an update', async (transport) => {
    const client = connectClient(url, { transports: [transport] });
    expect(await client.first('metrics:update')).toMatchObject([{ infrastructure: { cpu: 45.2 } }]);
    client.socket.close();
  });

  it('SB-25, SB-42: ten wrong keys with forged addresses, the real one is blocked', async () => {
    const ask = (key: string, claimed: string) =>
      fetch(`${url}/api/status`, { headers: { 'x-api-key': key, 'x-forwarded-for': claimed } });
    for (let i = 0; i < 10; i += 1) await ask(`wrong-key-${i}`, `192.0.2.${i}`);
    expect((await ask(KEY, '192.0.2.99')).status).toBe(429);
    expect((await bridge.get()).status).toBe(200);
  });
});
