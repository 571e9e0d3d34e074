/**
 * Keeps one session with Redis alive: performs what {@link LINK_TABLE} and the canary decide. Every session that
 * is lost is followed by a new one, after a short and constant delay, for as long as the process runs.
 */
import type { Cancel } from '../clock.js';
import {
  CANARY_LIMITS,
  CANARY_TICK_MS,
  type CanaryEvent,
  type CanaryVerdict,
  FRESH_CANARY,
  stepCanary,
} from './canary.js';
import { LINK_TABLE, type LinkAction, type LinkEvent, type LinkState } from './link-state.js';
import { openSession, type RedisSession, type SessionEvents, type SessionOptions } from './redis-session.js';
import { type Trouble, troubleOf } from './refusal.js';

export interface LinkEvents extends Pick<SessionEvents, 'onMessage' | 'onAnswer'> {
  /** Subscribes and delivers what the log has. The link is up only after it resolved and the canary came back. */
  recover(session: RedisSession): Promise<void>;
  onUp(session: RedisSession): void;
  /** `lost`: the session is gone, with whatever was under way on it; otherwise it is only silent. */
  onDown(trouble: Trouble, lost: boolean): void;
}

export interface RedisLink {
  /** The session, once it is connected. */
  readonly session: RedisSession | null;
  readonly state: LinkState;
  /** Tells of something that Redis must answer, or of its answer. */
  note(event: Exclude<CanaryEvent, 'tick'>): void;
  /** The session cannot be used: make a new one. */
  fail(session: RedisSession, error: unknown): void;
  close(): void;
}

export const RECONNECT_DELAY_MS = 200;

export function createRedisLink(options: SessionOptions, events: LinkEvents): RedisLink {
  const { clock } = options;
  let state: LinkState = 'waiting';
  let canary = FRESH_CANARY;
  let session: RedisSession | null = null;
  let connected = false;
  let cancelDelay: Cancel = () => {};
  let trouble: Trouble = { cause: 'connecting', detail: null };
  /** Why Redis does not carry our probes, where it says so. */
  let probeTrouble: Trouble | null = null;

  const act: Record<LinkAction, () => void> = {
    open,
    recover() {
      const current = session;
      if (current === null) return;
      events.recover(current).then(
        () => current === session && step('recovered'),
        (error: unknown) => fail(current, error),
      );
    },
    probe: () => probe(),
    drop() {
      session?.close();
      session = null;
      connected = false;
      if (state !== 'closed') cancelDelay = clock.after(RECONNECT_DELAY_MS, () => step('delay_over'));
    },
  };

  function step(event: LinkEvent): void {
    const before = state;
    const { next, actions } = LINK_TABLE[before][event];
    state = next;
    for (const action of actions) act[action]();
    if (next === before) return;
    if (next === 'up' && session !== null) events.onUp(session);
    if (next === 'silent') events.onDown(trouble, false);
    if (next === 'waiting') events.onDown(trouble, true);
  }

  function open(): void {
    canary = FRESH_CANARY;
    probeTrouble = null;
    const opened: RedisSession = openSession(options, {
      onReady() {
        if (opened !== session) return;
        connected = true;
        note('answered');
        step('connected');
      },
      onLost: (error) => fail(opened, error),
      onAnswer(answer) {
        if (opened !== session) return;
        probeTrouble = null;
        note('answered');
        // Before the link is up: what Redis refuses must be known by then.
        events.onAnswer(answer);
        step('answered');
      },
      onProbeRefused(error) {
        if (opened === session) probeTrouble = troubleOf(error);
      },
      onMessage(channel, bytes) {
        if (opened !== session) return;
        // Most of the time it is known, and this runs with every message.
        if (!canary.heard) note('heard');
        events.onMessage(channel, bytes);
      },
    });
    session = opened;
  }

  function fail(failed: RedisSession, error: unknown): void {
    if (failed !== session) return;
    trouble = troubleOf(error);
    step('lost');
  }

  function probe(): void {
    note('sent');
    session?.probe();
  }

  function note(event: Exclude<CanaryEvent, 'tick'>): void {
    canary = stepCanary(canary, event, limits()).state;
  }

  function limits() {
    return CANARY_LIMITS[session?.subscribed() ? 'subscriber' : 'publisher'];
  }

  function tick(): void {
    if (session === null) return;
    const stepped = stepCanary(canary, 'tick', limits());
    canary = stepped.state;
    judge(stepped.verdict);
    if (stepped.probe && connected) probe();
  }

  function judge(verdict: CanaryVerdict): void {
    if (verdict === 'fine') return;
    trouble = probeTrouble ?? { cause: 'canary_timeout', detail: null };
    step(verdict);
  }

  const cancelTicks = clock.every(CANARY_TICK_MS, tick);
  step('delay_over');
  return {
    get session() {
      return connected ? session : null;
    },
    get state() {
      return state;
    },
    note,
    fail,
    close() {
      step('close');
      cancelTicks();
      cancelDelay();
    },
  };
}
