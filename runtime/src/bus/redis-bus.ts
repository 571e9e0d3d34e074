/**
 * The bus on Redis. Composition only. A *lane* is a place where messages are published and received: on one server
 * there is one for all channels; in a Cluster every channel has its own, because it lives on a node of its own. The
 * *outage* sums up all lanes: the bus is up when all of them are.
 */
import { randomBytes } from 'node:crypto';
import { CHANNELS, type Channel } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import { type Clock, systemClock } from '../clock.js';
import { RuntimeError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Bus, LogPage, ReadLogOptions } from './bus.js';
import { createBusMetrics } from './bus-metrics.js';
import { createClusterPlace } from './cluster-connection.js';
import { createClusterNodes } from './cluster-nodes.js';
import { checkPosition } from './log-position.js';
import { createOutage } from './outage.js';
import { createOutbox, sumDropped } from './outbox.js';
import { PLAIN, type RedisDialect, shardedDialect } from './redis-dialect.js';
import { createRedisLane, type RedisLane } from './redis-lane.js';
import { createServerPlace, type RedisPlace } from './redis-place.js';
import { parseRedisTarget, type RedisTarget } from './redis-target.js';
import { subscribeAcross } from './subscribe-across.js';

export interface RedisBusOptions {
  /** `redis://…` for one server, `redis-cluster://host:port,host:port` for a Cluster; may carry a password. */
  url: string;
  /** The process's name, shown by `CLIENT LIST`. */
  name: string;
  logger: Logger;
  metrics?: Registry;
  clock?: Clock;
}

const CLOSING_FLUSH_MS = 1000;

/**
 * A bus that starts `down` and connects by itself, now and after every loss. Throws for a URL that is none, never
 * for Redis's sake.
 */
export function createRedisBus(options: RedisBusOptions): Bus {
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ component: 'bus' });
  const name = `pulsewire-${options.name}`;
  const instance = randomBytes(12).toString('hex');
  const sites = sitesOf(parseRedisTarget(options.url), clock).map((site) => ({
    ...site,
    outbox: createOutbox(),
  }));
  const dropped = () => sumDropped(sites.map(({ outbox }) => outbox.dropped));
  const outage = createOutage({ clock, logger, dropped });
  const metrics = createBusMetrics(options.metrics, {
    up: () => outage.state.status === 'up',
    queued: () => sites.reduce((sum, { outbox }) => sum + outbox.size, 0),
    dropped,
  });
  const lanes: RedisLane[] = [];
  const laneOf = {} as Record<Channel, RedisLane>;
  for (const { channels, place, dialect, outbox } of sites) {
    const troubles = outage.addPlace(sites.length === 1 ? null : (channels[0] ?? null));
    const lane = createRedisLane({
      place,
      dialect,
      outbox,
      troubles,
      name,
      instance,
      clock,
      logger,
      metrics,
    });
    lanes.push(lane);
    for (const channel of channels) laneOf[channel] = lane;
  }

  async function flush(from: readonly RedisLane[], timeoutMs: number): Promise<boolean> {
    const flushed = await Promise.all(from.map(({ publisher }) => publisher.flush(timeoutMs)));
    return flushed.every(Boolean);
  }

  async function readLog(channel: Channel, wanted: ReadLogOptions): Promise<LogPage> {
    if (wanted.after !== null) checkPosition(wanted.after);
    const lane = laneOf[channel];
    const page = lane.trouble === null ? lane.readLog(channel, wanted) : null;
    if (page === null)
      throw new RuntimeError('log_unavailable', `the bus is down: ${lane.trouble?.cause ?? 'closed'}`);
    try {
      return await page;
    } catch (error) {
      throw new RuntimeError('log_unavailable', `the log of ${channel} cannot be read`, { cause: error });
    }
  }

  return {
    get state() {
      return outage.state;
    },
    onState: outage.onState,
    publish: (channel, message) => laneOf[channel].publisher.publish(channel, message),
    flush: (timeoutMs) => flush(lanes, timeoutMs),
    subscribe: (wanted) => subscribeAcross(wanted, (channel) => laneOf[channel].subscriber),
    readLog,
    async stop() {
      outage.close();
      for (const lane of lanes) lane.silence();
      const usable = lanes.filter(({ trouble }) => trouble === null);
      await flush(usable, CLOSING_FLUSH_MS);
      for (const lane of lanes) lane.close();
    },
  };
}

interface Site {
  channels: readonly Channel[];
  place: RedisPlace;
  dialect: RedisDialect;
}

function sitesOf(target: RedisTarget, clock: Clock): Site[] {
  const channels = Object.values(CHANNELS);
  if (target.kind === 'server') return [{ channels, place: createServerPlace(target.url), dialect: PLAIN }];
  const { addresses, urlOf } = target;
  return channels.map((channel) => {
    const dialect = shardedDialect(channel);
    const nodes = createClusterNodes(addresses);
    const place = createClusterPlace({ nodes, urlOf, key: dialect.logKey(channel), clock });
    return { channels: [channel], place, dialect };
  });
}
