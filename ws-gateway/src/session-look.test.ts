import { describe, expect, it } from 'vitest';
import { alert } from './testing/messages.js';
import { selectionOf, setUp } from './testing/session-rig.js';

const KIB = 1024;

/** A client that answers no pings and has everything, looked at just now; then something is unsent. */
function calmThenBehind() {
  const rig = setUp();
  rig.session.select(selectionOf(), null);
  rig.clock.advance(5000);
  rig.session.checkPressure();
  rig.session.checkPressure();
  rig.connection.bufferedBytes = 300 * KIB;
  return {
    ...rig,
    isThinnedAfter(ms: number) {
      rig.clock.advance(ms);
      rig.session.checkPressure();
      return rig.context.slowFeeds.size > 0;
    },
  };
}

describe('how often a client is looked at', () => {
  it('GW-105: calm, looked at again after a second', () => {
    const { isThinnedAfter } = calmThenBehind();
    expect([isThinnedAfter(999), isThinnedAfter(1)]).toEqual([false, true]);
  });

  it('GW-105: calm, looked at again after 64 KiB', () => {
    const { arrive, isThinnedAfter } = calmThenBehind();
    const before = isThinnedAfter(250);
    arrive(alert({ message: 'x'.repeat(64 * KIB) }));
    expect([before, isThinnedAfter(250)]).toEqual([false, true]);
  });

  it('GW-105: something unsent, looked at each time', () => {
    const { connection, context, isThinnedAfter } = calmThenBehind();
    connection.bufferedBytes = 1;
    isThinnedAfter(1000);
    connection.bufferedBytes = 300 * KIB;
    const before = context.slowFeeds.size;
    expect([before, isThinnedAfter(1)]).toEqual([0, true]);
  });
});
