import { describe, expect, it } from 'vitest';
import { sayFeed, sayState } from './say-state.js';

describe('state in words', () => {
  it('CL-12: refused handshake, status and time of the next attempt are told', () => {
    const state = { name: 'waiting', attempt: 2, nextAtMs: 0, reason: 'refused' } as const;
    expect(sayState(state, 503)).toBe('disconnected: refused (503); attempt 2 at 1970-01-01T00:00:00.000Z');
  });

  it('CL-12: outage, cause and age of the last message are told', () => {
    const state = {
      name: 'degraded',
      cause: 'redis_unavailable',
      sinceMs: 0,
      lastMessageAtMs: null,
    } as const;
    expect(sayState(state, null)).toContain('redis_unavailable since 1970-01-01T00:00:00.000Z');
  });

  it('CL-15: key not accepted, the status is told', () => {
    expect(sayState({ name: 'rejected', status: 401 }, 401)).toContain('rejected: 401');
  });

  it('CL-12: thinned feed, how many are missing', () => {
    expect(sayFeed({ type: 'notice', data: { skipped: 7, window_ms: 1000 } })).toContain('7 samples');
  });

  it('CL-12: pong, no word', () => {
    expect(sayFeed({ type: 'pong', data: { t: 1 } })).toBeNull();
  });
});
