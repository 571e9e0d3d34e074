import type { LossReason } from '@pulsewire/shared-schema/client';
import { describe, expect, it } from 'vitest';
import { sayFeed, sayState } from './say-state.js';

const NOTHING = { refusal: null, failure: null };
const waiting = (reason: LossReason) => ({ name: 'waiting', attempt: 2, nextAtMs: 0, reason }) as const;

describe('state in words', () => {
  it('CL-12: refused handshake, status and time of the next attempt are told', () => {
    const hindrance = { refusal: { status: 503, message: null }, failure: null };
    expect(sayState(waiting('refused'), hindrance)).toBe(
      'disconnected: refused (503); attempt 2 at 1970-01-01T00:00:00.000Z',
    );
  });

  it.each([
    ['refused', 503, 'the limit of 100 clients is reached'],
    ['policy', 429, 'too many wrong keys from this address'],
  ] as const)(
    'CL-12: handshake that ended as %s, %i is told with what the gateway says',
    (reason, status, message) => {
      const said = sayState(waiting(reason), { refusal: { status, message }, failure: null });
      expect(said).toContain(`disconnected: refused (${status}: ${message}); attempt 2`);
    },
  );

  it('CL-12: connection that could not be made, what the system says of it is told', () => {
    const said = sayState(waiting('network_error'), {
      refusal: null,
      failure: 'getaddrinfo ENOTFOUND nosuch',
    });
    expect(said).toContain('disconnected: network_error (getaddrinfo ENOTFOUND nosuch); attempt 2');
  });

  it('CL-12: words without end, are cut', () => {
    const said = sayState(waiting('network_error'), { refusal: null, failure: 'x'.repeat(10_000) });
    expect(said?.length).toBeLessThan(300);
  });

  it('CL-12: outage, cause and age of the last message are told', () => {
    const state = {
      name: 'degraded',
      cause: 'redis_unavailable',
      sinceMs: 0,
      lastMessageAtMs: null,
    } as const;
    expect(sayState(state, NOTHING)).toContain('redis_unavailable since 1970-01-01T00:00:00.000Z');
  });

  it('CL-15: key not accepted, the status is told', () => {
    expect(sayState({ name: 'rejected', status: 401 }, NOTHING)).toContain('rejected: 401');
  });

  it('CL-12: thinned feed, how many are missing', () => {
    expect(sayFeed({ type: 'notice', data: { skipped: 7, window_ms: 1000 } })).toContain('7 samples');
  });

  it('CL-12: pong, no word', () => {
    expect(sayFeed({ type: 'pong', data: { t: 1 } })).toBeNull();
  });
});
