/** What the bus asks of Redis, as typed calls: scripts and replies are known here only. */
import { BUS_NAMES, type Channel, LIMITS } from '@pulsewire/shared-schema';
import type { Redis } from 'ioredis';
import type { LogEntry } from './bus.js';
import { markRedelivered } from './envelope.js';
import { LOG_START, type LogFacts } from './log-position.js';
import type { Outgoing } from './outbox.js';
import type { RedisDialect } from './redis-dialect.js';
import { appendScript, canaryScript, FILTERED_PAGE_SCRIPT, LOG_FACTS_SCRIPT } from './scripts.js';

export interface LogState extends LogFacts {
  /** The payload of the newest entry, or `null` when the log is empty. */
  newest: Buffer | null;
  /** Redis's clock at that moment. */
  redisMs: number;
}

export interface RedisCommands {
  /** Appends and publishes messages of one channel. */
  append(producerId: string, batch: readonly Outgoing[]): Promise<void>;
  /**
   * Publishes a probe on a canary channel; it carries the newest position of each channel's log, and what Redis says
   * to a write.
   */
  probe(canaryChannel: string, nonce: string, channels: readonly Channel[]): Promise<void>;
  ping(): Promise<void>;
  logState(channel: Channel, position: string): Promise<LogState>;
  /** Entries after a position, oldest first. */
  readPage(channel: Channel, after: string, count: number): Promise<RawPage>;
  /** Of the `count` entries after a position, those whose payload begins with `startsWith`. */
  readFiltered(channel: Channel, after: string, count: number, startsWith: string): Promise<RawPage>;
}

export interface RawPage {
  /** With their payloads as bytes. */
  entries: LogEntry[];
  /** Where the next page begins, or `null` when this was the last one. */
  next: string | null;
}

type ScriptArgument = string | number;
type Script = (...args: ScriptArgument[]) => Promise<unknown>;

/** After this long a producer's key is gone; a retry that comes later than that counts as new. */
const PRODUCER_TTL_S = 3600;

export function createRedisCommands(redis: Redis, dialect: RedisDialect): RedisCommands {
  const { logKey, producerKey } = dialect;
  const append = defineScript(redis, 'pulsewireAppend', appendScript(dialect.publish));
  const canary = defineScript(redis, 'pulsewireCanary', canaryScript(dialect.publish));
  const facts = defineScript(redis, 'pulsewireLogFacts', LOG_FACTS_SCRIPT, 'Buffer');
  const filteredPage = defineScript(redis, 'pulsewireFilteredPage', FILTERED_PAGE_SCRIPT, 'Buffer');
  return {
    async append(producerId, batch) {
      const channel = batch[0]?.channel;
      if (channel === undefined) return;
      const args: ScriptArgument[] = [2, logKey(channel), producerKey(channel, producerId)];
      args.push(channel, LIMITS.logEntries, PRODUCER_TTL_S);
      for (const { seq, payload, redelivered } of batch)
        args.push(seq, redelivered ? markRedelivered(payload) : payload);
      await append(...args);
    },
    async probe(canaryChannel, nonce, channels) {
      const keys = [...channels.map(logKey), canaryChannel];
      await canary(keys.length, ...keys, canaryChannel, nonce);
    },
    async ping() {
      await dialect.ping(redis);
    },
    async logState(channel, position) {
      const reply = (await facts(1, logKey(channel), position, LIMITS.logEntries)) as [
        Buffer,
        number,
        number,
        Buffer,
        number,
        number,
      ];
      const [lastId, trimmed, contains, newest, redisMs, entries] = reply;
      return {
        lastId: lastId.toString('latin1'),
        trimmed: trimmed === 1,
        contains: contains === 1 && position !== LOG_START,
        newest: newest.length === 0 ? null : newest,
        redisMs,
        entries,
      };
    },
    async readPage(channel, after, count) {
      const rows = await redis.xrangeBuffer(logKey(channel), `(${after}`, '+', 'COUNT', count);
      const entries = rows.flatMap(([id, fields]) => {
        const payload = payloadOf(fields);
        return payload === undefined ? [] : [{ id: id.toString('latin1'), bytes: payload }];
      });
      const last = rows.length < count ? undefined : rows.at(-1);
      return { entries, next: last?.[0].toString('latin1') ?? null };
    },
    async readFiltered(channel, after, count, startsWith) {
      const field = BUS_NAMES.logField;
      const reply = (await filteredPage(
        1,
        logKey(channel),
        `(${after}`,
        count,
        field,
        startsWith,
      )) as Buffer[];
      const [next, ...rest] = reply;
      const entries = rest.flatMap((bytes, index): LogEntry[] => {
        const id = rest[index - 1];
        return index % 2 === 0 || id === undefined ? [] : [{ id: id.toString('latin1'), bytes }];
      });
      return { entries, next: next === undefined || next.length === 0 ? null : next.toString('latin1') };
    },
  };
}

/** Entries that somebody else appended with other fields are not ours to read. */
function payloadOf(fields: readonly Buffer[]): Buffer | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.equals(LOG_FIELD));
  return at === -1 ? undefined : fields[at + 1];
}

const LOG_FIELD = Buffer.from(BUS_NAMES.logField);

function defineScript(redis: Redis, name: string, lua: string, replies: '' | 'Buffer' = ''): Script {
  redis.defineCommand(name, { lua });
  const script = (redis as unknown as Record<string, Script | undefined>)[name + replies];
  if (script === undefined) throw new TypeError(`the Redis client did not define ${name}`);
  return script.bind(redis);
}
