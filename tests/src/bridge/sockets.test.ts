/** Socket.IO by the client of its own makers. Rules: status-bridge/SPEC.md, store/SPEC.md (ST-60). */
import { createManualClock } from '@pulsewire/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { poll } from '../support/within.js';
import {
  ALLOWED_ORIGIN,
  type BridgeRig,
  createRig,
  PUBLIC_KEY,
  type RunningBridge,
  type TestClient,
} from './bridge-rig.js';
import { passUntil } from './pace.js';

interface Line {
  service: string;
  message: string;
}

describeWith('postgresql-server', 'the status bridge over Socket.IO', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  beforeAll(async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    await rig.records.containers({ container: 'api-server' });
  });
  beforeEach(async () => {
    bridge = await rig.start();
  });
  afterEach(() => bridge.stop());
  afterAll(() => rig?.stop());

  const codeOf = (error: unknown) => (error as { data?: { code?: string } }).data?.code;
  const messages = (lines: readonly unknown[]) => (lines as Line[]).map(({ message }) => message);

  /** A client that follows the log: what is recorded from now on reaches it. */
  async function follow(): Promise<TestClient> {
    const client = bridge.client();
    await client.first('metrics:update');
    let probes = 0;
    await poll(
      async () => {
        if (messages(client.all('logs:stream')).includes(`probe ${probes}`)) return true;
        // The last one must arrive, so that nothing of them comes between what follows.
        if (probes === 0 || client.all('logs:stream').length === 0) {
          probes += 1;
          await rig.records.lines('probe', [`probe ${probes}`]);
        }
        return undefined;
      },
      { what: 'the log', everyMs: 100 },
    );
    return client;
  }

  it.each([
    ['no token', undefined],
    ['an empty token', ''],
    ['a wrong token', 'wrong-key-0123456789'],
    ['something that is no text', { $ne: '' }],
  ])('SB-30: %s, connect_error with a code', async (_what, token) => {
    const client = bridge.client({ token, auth: { token } });
    const [error] = await client.first('connect_error');
    expect(codeOf(error)).toBe('unauthorized');
    expect(client.socket.connected).toBe(false);
  });

  it('SB-20, SB-30: ten wrong tokens, the good one is refused, too', async () => {
    for (let i = 0; i < 10; i += 1)
      await bridge.client({ auth: { token: `wrong-key-012345678${i}` } }).first('connect_error');
    const [error] = await bridge.client().first('connect_error');
    expect((error as { data?: unknown }).data).toMatchObject({
      code: 'too_many_failures',
      retry_after_ms: expect.any(Number),
    });
  });

  it.each([['websocket'], ['polling']])('SB-31: over %s, the body of the GET at once', async (transport) => {
    const client = bridge.client({ transports: [transport] });
    const [update] = await client.first('metrics:update');
    expect(update).toEqual((await bridge.get()).body);
    expect(update).toMatchObject({ infrastructure: { cpu: 45.2 }, services: [{ name: 'api-server' }] });
  });

  it('SB-31: ten seconds, two more updates', async () => {
    const clock = createManualClock(Date.now());
    const paced = await rig.start({ clock });
    const client = paced.client();
    await passUntil(clock, client.first('metrics:update', 3));
    expect(Math.floor(clock.monotonicMs() / 5000)).toBe(2);
    await paced.stop();
  });

  it('SB-32, ST-60: new lines, once and in the order of recording, however late their own time', async () => {
    const client = await follow();
    await rig.records.lines('web', ['1', '2', '3']);
    await rig.records.lines('late', ['4', '5'], 300_000);
    await rig.records.lines('web', ['6']);
    const found = () => (client.all('logs:stream') as Line[]).filter(({ service }) => service !== 'probe');
    await poll(() => (found().length >= 6 ? true : undefined), { what: 'six lines' });
    expect(messages(found())).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(found()[0]).toEqual({
      service: 'web',
      level: 'info',
      message: '1',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('SB-32: lines from before it connected, not told', async () => {
    await rig.records.lines('before', ['old']);
    const client = await follow();
    expect(messages(client.all('logs:stream'))).not.toContain('old');
  });

  it('SB-33, ST-60: a thousand lines at once, the newest 200 and how many were skipped', async () => {
    const client = await follow();
    await rig.records.lines(
      'burst',
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
    const found = () => (client.all('logs:stream') as Line[]).filter(({ service }) => service !== 'probe');
    await poll(() => (found().length >= 201 ? true : undefined), { what: 'the lines' });
    const [notice, ...lines] = found();
    expect(notice).toMatchObject({
      service: 'status-bridge',
      message: expect.stringMatching(/^skipped 800 lines/),
    });
    expect(messages(lines)).toEqual(Array.from({ length: 200 }, (_, i) => String(800 + i)));
  });

  it('SB-24: the key of a public page, updates and no log', async () => {
    const visitor = bridge.client({ auth: { token: PUBLIC_KEY } });
    await visitor.first('metrics:update');
    const reader = await follow();
    await rig.records.lines('private', ['secret']);
    await poll(() => (messages(reader.all('logs:stream')).includes('secret') ? true : undefined), {
      what: 'the line',
    });
    expect(visitor.all('logs:stream')).toEqual([]);
  });

  it('SB-35: every place taken, connect_error; one leaves, the next comes in', async () => {
    const small = await rig.start({ settings: { maxClients: 2 } });
    const [first] = [small.client(), small.client()];
    await poll(async () => ((await small.metric('clients')) === 2 ? true : undefined), {
      what: 'two clients',
    });
    const [error] = await small.client().first('connect_error');
    expect(codeOf(error)).toBe('too_many_clients');
    first?.socket.close();
    await poll(async () => ((await small.metric('clients')) === 1 ? true : undefined), { what: 'a place' });
    await small.client().first('connect');
    await small.stop();
  });

  it('SB-35: more than twenty from one address, refused', async () => {
    const clients = Array.from({ length: 22 }, () => bridge.client({ transports: ['websocket'] }));
    await poll(
      () => (clients.flatMap((client) => client.all('connect_error')).length >= 2 ? true : undefined),
      { what: 'two refusals' },
    );
    expect(clients.filter(({ socket }) => socket.connected).length).toBeLessThanOrEqual(20);
    expect(await bridge.metric('clients')).toBeLessThanOrEqual(20);
  });

  it.each(['websocket', 'polling'])('SB-35: a page of another origin over %s, refused', async (transport) => {
    const extraHeaders = { origin: 'https://evil.example' };
    const client = bridge.client({ transports: [transport], extraHeaders });
    await client.first('connect_error');
    expect(await bridge.metric('clients')).toBe(0);
  });

  it('SB-35: a page of an allowed origin, connected', async () => {
    const client = bridge.client({ extraHeaders: { origin: ALLOWED_ORIGIN } });
    await client.first('metrics:update');
    expect(client.socket.connected).toBe(true);
  });
});
