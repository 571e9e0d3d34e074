/**
 * The connections to Redis from opening to loss: one for commands, and one for receiving that is made when a
 * channel is first subscribed. Losing either is losing the session.
 */
import type { Channel } from '@pulsewire/shared-schema';
import type { Clock } from '../clock.js';
import { LOG_START } from './log-position.js';
import { createRedisCommands, type RedisCommands } from './redis-commands.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisDialect } from './redis-dialect.js';
import type { RedisPlace } from './redis-place.js';
import { isMoved, isRedisAnswer, subscriptionEnded, type Trouble, writeTroubleOf } from './refusal.js';

/** What a probe brought back through our own subscription. */
export interface Barrier {
  /** Newest position of each log when Redis published the probe; all up to there has been received. */
  positions: ReadonlyMap<Channel, string>;
  /** Redis's clock at that moment, and ours when the probe was sent. */
  redisMs: number;
  sentAtMs: number;
}

export interface ProbeAnswer {
  roundTripMs: number;
  /** `null` when nothing is subscribed. */
  barrier: Barrier | null;
  /** Why Redis takes no writes; `null` when it does, as far as the probe tells. */
  refusal: Trouble | null;
}

export interface SessionEvents {
  onReady(): void;
  onLost(error: unknown): void;
  onAnswer(answer: ProbeAnswer): void;
  /** Redis refused to carry a probe: it will not come back. */
  onProbeRefused(error: Error): void;
  onMessage(channel: Channel, bytes: Buffer): void;
}

export interface RedisSession {
  /** Not before `onReady`. */
  commands(): RedisCommands;
  /** Probes run through the subscription, not only through the command connection. */
  subscribed(): boolean;
  subscribe(channels: readonly Channel[]): Promise<void>;
  unsubscribe(channels: readonly Channel[]): void;
  probe(): void;
  /** Ends both connections at once. No event comes afterwards. */
  close(): void;
}

export interface SessionOptions {
  place: RedisPlace;
  dialect: RedisDialect;
  name: string;
  /** Unguessable; makes the canary channel and the nonces ours. */
  instance: string;
  clock: Clock;
}

interface Probe {
  sentAtMs: number;
  /** The channels whose positions it asks for, in order. */
  channels: readonly Channel[];
}

export function openSession(options: SessionOptions, events: SessionEvents): RedisSession {
  const { place, dialect, name, instance, clock } = options;
  const canaryChannel = dialect.canaryChannel(instance);
  const channels = new Set<Channel>();
  const probes = new Map<number, Probe>();
  let lastProbe = 0;
  let over = false;
  let commands: RedisCommands | undefined;
  /** Where the connection for commands led; the other one must lead to the same server. */
  let url = '';
  let receiver: RedisConnection | undefined;
  let receiving: Promise<void> | undefined;
  let subscribed = false;

  function lose(error: unknown): void {
    if (over) return;
    over = true;
    close();
    events.onLost(error);
  }

  function close(): void {
    over = true;
    command.close();
    receiver?.close();
  }

  const command = place.connect({
    name,
    onReady(redis, servedBy) {
      if (over) return;
      url = servedBy;
      commands = createRedisCommands(redis, dialect);
      events.onReady();
    },
    onLost: lose,
  });

  function ready(): RedisCommands {
    if (commands === undefined) throw new TypeError('the session is not connected yet');
    return commands;
  }

  function openReceiver(): Promise<void> {
    return new Promise((resolve) => {
      const onReady = () => {
        dialect.subscribe(opened.redis, [canaryChannel]).then(() => {
          subscribed = true;
          resolve();
        }, lose);
      };
      const opened = connectRedis({ url, name, onReady, onLost: lose });
      receiver = opened;
      // The node ended our subscription: the slot left, and may be back before a probe asks for it.
      opened.redis.on('moved', () => lose(subscriptionEnded()));
      opened.redis.on(dialect.messageEvent, (channel: Buffer, bytes: Buffer) => {
        if (over) return;
        const from = channel.toString('latin1');
        if (from === canaryChannel) receiveProbe(bytes.toString('latin1'));
        else events.onMessage(from as Channel, bytes);
      });
    });
  }

  function receiveProbe(text: string): void {
    const [nonce = '', redisMs, ...rest] = text.split(' ');
    const number = nonce.startsWith(`${instance}.`) ? Number(nonce.slice(instance.length + 1)) : Number.NaN;
    const probe = probes.get(number);
    if (probe === undefined) return;
    const positions = new Map(probe.channels.map((channel, index) => [channel, rest[index] ?? LOG_START]));
    const barrier = { positions, redisMs: Number(redisMs), sentAtMs: probe.sentAtMs };
    answer(number, probe, barrier, writeTroubleOf(rest.slice(probe.channels.length).join(' ')));
  }

  function answer(
    number: number,
    { sentAtMs }: Probe,
    barrier: Barrier | null,
    refusal: Trouble | null,
  ): void {
    for (const earlier of [...probes.keys()]) if (earlier <= number) probes.delete(earlier);
    events.onAnswer({ roundTripMs: clock.monotonicMs() - sentAtMs, barrier, refusal });
  }

  function ping(number: number, probe: Probe): void {
    const pong = (refusal: Trouble | null) =>
      over || !probes.has(number) || answer(number, probe, null, refusal);
    ready()
      .ping()
      .then(
        () => pong(null),
        (error: unknown) => {
          // A Redis that cannot save refuses even this, and is there all the same.
          const refusal = isRedisAnswer(error) ? writeTroubleOf(error.message) : null;
          if (refusal === null) refused(error);
          else pong(refusal);
        },
      );
  }

  /** No answer: the canary goes on counting. A connection that was lost tells by itself. */
  function refused(error: unknown): void {
    if (over || !isRedisAnswer(error)) return;
    if (isMoved(error)) lose(error);
    else events.onProbeRefused(error);
  }

  return {
    commands: () => ready(),
    subscribed: () => subscribed,
    async subscribe(wanted) {
      receiving ??= openReceiver();
      await receiving;
      if (receiver !== undefined) await dialect.subscribe(receiver.redis, wanted);
      for (const channel of wanted) channels.add(channel);
    },
    unsubscribe(unwanted) {
      for (const channel of unwanted) channels.delete(channel);
      if (over || !subscribed || receiver === undefined || unwanted.length === 0) return;
      dialect.unsubscribe(receiver.redis, unwanted).catch(lose);
    },
    probe() {
      lastProbe += 1;
      const probe: Probe = { sentAtMs: clock.monotonicMs(), channels: [...channels] };
      probes.set(lastProbe, probe);
      if (!subscribed) ping(lastProbe, probe);
      else ready().probe(canaryChannel, `${instance}.${lastProbe}`, probe.channels).catch(refused);
    },
    close,
  };
}
