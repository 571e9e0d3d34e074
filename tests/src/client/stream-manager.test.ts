import { createManualClock, type ManualClock, type MemoryBus, systemClock } from '@pulsewire/runtime';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import {
  createStreamManager,
  type Received,
  type StreamManager,
  type StreamManagerOptions,
  type StreamState,
} from '@pulsewire/shared-schema/client';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { KEY, type RunningGateway, runOnMemoryBus, WRONG_KEY } from '../gateway/support/gateway.js';
import { within } from '../support/within.js';

interface Watched {
  manager: StreamManager;
  received: Received[];
  /** The next state, past or future, that fits; each is looked at once. */
  state(name: StreamState['name']): Promise<StreamState>;
  /** The first message, past or future, with this value. */
  value(value: number): Promise<Received>;
}

const releases: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

async function gatewayOnBus(): Promise<RunningGateway & { bus: MemoryBus }> {
  const running = await runOnMemoryBus();
  releases.push(() => running.stop());
  return running;
}

function watch(options: Partial<StreamManagerOptions> & { url: string }): Watched {
  const manager = createStreamManager({
    key: KEY,
    jitter: 0,
    connect: (url, protocols) => new WebSocket(url, protocols),
    ...options,
  });
  releases.push(() => manager.close());
  const received: Received[] = [];
  const states: StreamState[] = [];
  const looks = new Set<() => void>();
  const lookAll = () => {
    for (const look of [...looks]) look();
  };
  manager.on('state', (state) => {
    states.push(state);
    lookAll();
  });
  manager.on('message', (message) => {
    received.push(message);
    lookAll();
  });

  function found<T>(find: () => T | undefined, what: string): Promise<T> {
    let look = () => {};
    const promise = new Promise<T>((resolve) => {
      look = () => {
        const value = find();
        if (value !== undefined) resolve(value);
      };
      looks.add(look);
      look();
    });
    return within(promise, 10_000, what, () => JSON.stringify(states)).finally(() => looks.delete(look));
  }

  return {
    manager,
    received,
    state: (name) =>
      found(() => {
        const at = states.findIndex((state) => state.name === name);
        return at === -1 ? undefined : states.splice(0, at + 1).at(-1);
      }, `state ${name}`),
    value: (value) =>
      found(() => received.find(({ message }) => metricValue(message) === value), `value ${value}`),
  };
}

function sample(value: number, metric_type = 'cpu'): BusMessage {
  const time = new Date().toISOString();
  return {
    type: 'system_metric',
    data: { time, metric_type, value, source: 'host', meta: { unit: 'percent', host: 'alpha' } },
  };
}

function metricValue(message: BusMessage): number | undefined {
  return message.type === 'system_metric' ? message.data.value : undefined;
}

const feedOf = (gateway: RunningGateway) => gateway.url().split('?')[0] ?? '';

describe('stream client against the gateway', () => {
  it('SC-95: the right key, receives what is published and measures its latency', async () => {
    const gateway = await gatewayOnBus();
    const watched = watch({ url: feedOf(gateway) });
    const measured = new Promise<void>((resolve) => {
      watched.manager.on('feed', ({ type }) => {
        if (type === 'pong') resolve();
      });
    });
    watched.manager.open();
    await watched.state('live');
    await within(measured, 10_000, 'a pong');
    gateway.bus.publish(CHANNELS.metrics, sample(11));
    expect(await watched.value(11)).toMatchObject({ snapshot: false });
    expect(watched.manager.latency.samples).toBe(1);
  });

  it('SC-95: a wrong key, is rejected as 401 and accepted with the right one', async () => {
    const gateway = await gatewayOnBus();
    const watched = watch({ url: feedOf(gateway), key: WRONG_KEY });
    watched.manager.open();
    expect(await watched.state('rejected')).toEqual({ name: 'rejected', status: 401 });
    watched.manager.setKey(KEY);
    await watched.state('live');
    expect(watched.manager.state.name).toBe('live');
  });

  it('SC-95: an outage of the bus, is degraded and then live with what was missed', async () => {
    const gateway = await gatewayOnBus();
    const watched = watch({ url: feedOf(gateway) });
    watched.manager.open();
    await watched.state('live');
    gateway.bus.interrupt('cable');
    expect(await watched.state('degraded')).toMatchObject({ cause: 'redis_unavailable' });
    gateway.bus.publish(CHANNELS.metrics, sample(12));
    gateway.bus.restore();
    await watched.state('live');
    expect(metricValue((await watched.value(12)).message)).toBe(12);
  });

  it('SC-95: a connection that breaks, is made again and resumes without loss or doubles', async () => {
    const gateway = await gatewayOnBus();
    const sockets: WebSocket[] = [];
    const clock: ManualClock = createManualClock(systemClock.nowMs());
    const watched = watch({
      url: feedOf(gateway),
      clock,
      connect(url, protocols) {
        const socket = new WebSocket(url, protocols);
        sockets.push(socket);
        return socket;
      },
    });
    watched.manager.open();
    await watched.state('live');
    gateway.bus.publish(CHANNELS.metrics, sample(1));
    await watched.value(1);
    sockets[0]?.terminate();
    await watched.state('waiting');
    for (const value of [2, 3, 4]) gateway.bus.publish(CHANNELS.metrics, sample(value));
    clock.advance(2000);
    await watched.state('live');
    await watched.value(4);
    expect(watched.received.map(({ message }) => metricValue(message))).toEqual([1, 2, 3, 4]);
  });

  it('SC-95: select when live, receives nothing else from then on', async () => {
    const gateway = await gatewayOnBus();
    const watched = watch({ url: feedOf(gateway) });
    const snapshots: string[] = [];
    const again = new Promise<void>((resolve) => {
      watched.manager.on('feed', ({ type }) => {
        if (type === 'snapshot' && snapshots.push(type) === 4) resolve();
      });
    });
    watched.manager.open();
    await watched.state('live');
    watched.manager.select({ metricTypes: ['mem'] });
    await within(again, 10_000, 'the snapshot after subscribe');
    gateway.bus.publish(CHANNELS.metrics, sample(21, 'cpu'));
    gateway.bus.publish(CHANNELS.metrics, sample(22, 'mem'));
    await watched.value(22);
    expect(watched.received.map(({ message }) => metricValue(message))).toEqual([22]);
  });

  it('SC-95: the gateway stops, waits because of a server restart', async () => {
    const gateway = await runOnMemoryBus();
    const watched = watch({ url: feedOf(gateway) });
    watched.manager.open();
    await watched.state('live');
    const stopped = gateway.stop();
    expect(await watched.state('waiting')).toMatchObject({ attempt: 1, reason: 'server_restart' });
    watched.manager.close();
    await stopped;
  });
});
