/** Why the bus is down, as a closed set of codes, and how an error of Redis becomes one of them. */

export const BUS_CAUSES = [
  'connecting',
  'connection_lost',
  'canary_timeout',
  'loading',
  'out_of_memory',
  'persistence_failing',
  'read_only',
  'wrong_type',
  'not_permitted',
  'busy',
  'slot_moved',
  'slot_moving',
  'cluster_down',
  'redis_error',
] as const;
export type BusCause = (typeof BUS_CAUSES)[number];

/** A cause, and what was said about it, for people; `null` where nothing was said. */
export interface Trouble {
  cause: BusCause;
  detail: string | null;
}

/** First word of Redis's error → cause. Inside scripts older servers wrap it, so it may stand further back. */
const CAUSES: readonly [pattern: RegExp, cause: BusCause][] = [
  [/\bLOADING\b/, 'loading'],
  [/\bOOM\b/, 'out_of_memory'],
  [/\b(MISCONF|NOREPLICAS)\b/, 'persistence_failing'],
  [/\b(READONLY|MASTERDOWN)\b/, 'read_only'],
  [/\bWRONGTYPE\b/, 'wrong_type'],
  [/\b(NOAUTH|WRONGPASS|NOPERM|invalid password|executing the script can't)\b/, 'not_permitted'],
  [/\bBUSY\b/, 'busy'],
  [/^MOVED\b/, 'slot_moved'],
  [/^(ASK|TRYAGAIN)\b/, 'slot_moving'],
  [/^CLUSTERDOWN\b/, 'cluster_down'],
];

/** Causes for which Redis takes nothing from anybody, while it may relay and answer as ever. */
const TAKES_NO_WRITES: ReadonlySet<BusCause> = new Set([
  'out_of_memory',
  'persistence_failing',
  'read_only',
  'wrong_type',
]);

/** How the client names errors that Redis answered. */
const REDIS_ANSWER = 'ReplyError';

/** The trouble behind an error: Redis's own answer, or else a lost connection. */
export function troubleOf(error: unknown): Trouble {
  const detail = error instanceof Error && error.message !== '' ? error.message : null;
  if (!isRedisAnswer(error)) return { cause: 'connection_lost', detail };
  return { cause: causeOfAnswer(error.message), detail };
}

/**
 * What an error answer says about everybody's writes; `null` when it says nothing of them. An account that may not
 * write is no such thing: others may.
 */
export function writeTroubleOf(answer: string): Trouble | null {
  // Nearly every probe's.
  if (answer === '') return null;
  const cause = causeOfAnswer(answer);
  return TAKES_NO_WRITES.has(cause) ? { cause, detail: answer } : null;
}

function causeOfAnswer(answer: string): BusCause {
  return CAUSES.find(([pattern]) => pattern.test(answer))?.[1] ?? 'redis_error';
}

/** True for the answer of a Cluster's node that does not have the slot (any more). */
export function isMoved(error: Error): boolean {
  return causeOfAnswer(error.message) === 'slot_moved';
}

/** What a Cluster's node says unasked, by ending a subscription, when its slot leaves: the same as `MOVED`. */
export function subscriptionEnded(): Error {
  const said = new Error('MOVED away: the node ended the subscription');
  said.name = REDIS_ANSWER;
  return said;
}

/** True when Redis itself answered with an error: what was asked is known not to be pending any more. */
export function isRedisAnswer(error: unknown): error is Error {
  return error instanceof Error && error.name === REDIS_ANSWER;
}
