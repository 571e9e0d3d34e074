/** Why the bus is down, as a closed set of codes, and how an error of Redis becomes one of them. */

export const BUS_CAUSES = [
  'connecting',
  'connection_lost',
  'canary_timeout',
  'loading',
  'out_of_memory',
  'persistence_failing',
  'read_only',
  'not_permitted',
  'busy',
  'redis_error',
] as const;
export type BusCause = (typeof BUS_CAUSES)[number];

/** First word of Redis's error → cause. Inside scripts older servers wrap it, so it may stand further back. */
const CAUSES: readonly [pattern: RegExp, cause: BusCause][] = [
  [/\bLOADING\b/, 'loading'],
  [/\bOOM\b/, 'out_of_memory'],
  [/\b(MISCONF|NOREPLICAS)\b/, 'persistence_failing'],
  [/\b(READONLY|MASTERDOWN)\b/, 'read_only'],
  [/\b(NOAUTH|WRONGPASS|NOPERM|invalid password)\b/, 'not_permitted'],
  [/\bBUSY\b/, 'busy'],
];

/** The cause behind an error: Redis's own answer, or else a lost connection. */
export function causeOf(error: unknown): BusCause {
  if (!isRedisAnswer(error)) return 'connection_lost';
  return CAUSES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'redis_error';
}

/** True when Redis itself answered with an error: what was asked is known not to be pending any more. */
export function isRedisAnswer(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
