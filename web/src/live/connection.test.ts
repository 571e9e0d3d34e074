import { describe, expect, it } from 'vitest';
import { createStand } from '../testing/fake-stream.test-support.js';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { sample } from '../testing/messages.test-support.js';
import { deriveSinceMs, secondsUntil } from './connection.js';

describe('connection', () => {
  it('WB-60: live without any message, live and not stale', () => {
    expect(createStand().settle().connection.badge).toBe('live');
  });
  it('WB-60: live and every host silent, stale', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.clock.advance(60_000);
    expect(stand.settle().connection.badge).toBe('stale');
  });
  it('WB-60: degraded, cause and since as the gateway says', () => {
    const stand = createStand();
    stand.stream.become({ name: 'degraded', cause: 'redis_unavailable', sinceMs: 5, lastMessageAtMs: 4 });
    expect(stand.store.view().connection).toMatchObject({
      badge: 'degraded',
      cause: 'redis_unavailable',
      sinceMs: 5,
      lastMessageAtMs: 4,
    });
  });
  it('WB-61: the time to the next attempt, in whole seconds and never negative', () => {
    expect([2000, 1999, 1, 0, -5].map((ms) => secondsUntil(ms, 0))).toEqual([2, 2, 1, 0, 0]);
  });
  it('WB-62: waiting and connecting by turns, since the first loss', () => {
    const lost = deriveSinceMs({ name: 'live', sinceMs: 1 }, 'waiting', 100);
    const trying = deriveSinceMs({ name: 'waiting', sinceMs: lost }, 'connecting', 200);
    expect(deriveSinceMs({ name: 'connecting', sinceMs: trying }, 'waiting', 300)).toBe(100);
    expect(deriveSinceMs({ name: 'connecting', sinceMs: trying }, 'live', 400)).toBe(400);
  });
});
