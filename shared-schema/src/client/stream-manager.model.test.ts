/**
 * The stream client under random sequences of what users, network, gateway and time can do. After every step the
 * promises that hold in every state are checked.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECONNECT_STEPS_MS } from '../limits.js';
import { BACK, createStand, HELLO, OUTAGE, type Stand, sample } from './stand.test-support.js';
import type { StreamStateName } from './types.js';

type Step = { name: string; run: (stand: Stand) => void | Promise<void> };

const step = (name: string, run: Step['run']): Step => ({ name, run });
const lastOpen = (stand: Stand) => stand.open.at(-1);

const STEPS: readonly Step[] = [
  step('open', ({ manager }) => manager.open()),
  step('close', ({ manager }) => manager.close()),
  step('retryNow', ({ manager }) => manager.retryNow()),
  step('setKey', ({ manager }) => manager.setKey('another-key-of-16')),
  step('select', ({ manager }) => manager.select({ topics: ['alerts'] })),
  step('wake', (stand) => stand.wake()),
  step('accept', (stand) => lastOpen(stand)?.accept()),
  step('hello', (stand) => lastOpen(stand)?.frame('hello', HELLO)),
  step('hello degraded', (stand) => lastOpen(stand)?.frame('hello', { ...HELLO, state: 'degraded' })),
  step('503', (stand) => lastOpen(stand)?.frame('error', OUTAGE)),
  step('200', (stand) => lastOpen(stand)?.frame('status', BACK)),
  step('message', (stand) => lastOpen(stand)?.message(sample(stand.clock.nowMs()))),
  step('garbage', (stand) => lastOpen(stand)?.text('{"type":')),
  step('end 1006', (stand) => lastOpen(stand)?.end(1006)),
  step('end 1012', (stand) => lastOpen(stand)?.end(1012)),
  step('end 1008', (stand) => lastOpen(stand)?.end(1008)),
  step('end 4401', (stand) => lastOpen(stand)?.end(4401)),
  // Sockets that were given up still speak: a close frame arrives late.
  step('echo of the first socket', ({ sockets }) => sockets[0]?.end(4401)),
  step('probe 401', (stand) => stand.answerProbe(401)),
  step('probe 503', (stand) => stand.answerProbe(503)),
  step('probe nothing', (stand) => stand.answerProbe(null)),
  step('1 ms', ({ clock }) => clock.advance(1)),
  step('3 s', ({ clock }) => clock.advance(3000)),
  step('40 s', ({ clock }) => clock.advance(40_000)),
  step('blocked for 5 min', ({ clock }) => clock.block(300_000)),
  step('clock set back', ({ clock }) => clock.jump(-600_000)),
];

const AT_REST: ReadonlySet<StreamStateName> = new Set(['idle', 'closed', 'rejected']);
const CONNECTED: ReadonlySet<StreamStateName> = new Set(['live', 'degraded']);
/** Steps after which a `rejected` client may connect. */
const WAYS_OUT = new Set(['open', 'setKey', 'close']);

function expectInvariants(stand: Stand, trace: string): void {
  const { name } = stand.manager.state;
  expect(stand.open.length, `sockets after ${trace}`).toBeLessThanOrEqual(1);
  expect(stand.clock.scheduled, `timers after ${trace}`).toBe(AT_REST.has(name) ? 0 : 1);
  expect(stand.listensForWakeUps, `wake-ups after ${trace}`).toBe(name !== 'idle' && name !== 'closed');
  if (AT_REST.has(name) || name === 'waiting') expect(stand.open, `no socket after ${trace}`).toHaveLength(0);
  if (CONNECTED.has(name)) expect(stand.open, `one socket after ${trace}`).toHaveLength(1);
  expect(stand.states.at(-1) ?? { name: 'idle' }, `last told state after ${trace}`).toEqual(
    stand.manager.state,
  );
}

describe('any sequence of events', () => {
  it('SC-90: one socket and one timer at most, none of them at rest, and the state told is the state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), async (steps) => {
        const stand = createStand();
        const trace: string[] = [];
        for (const { name, run } of steps) {
          trace.push(name);
          await run(stand);
          expectInvariants(stand, trace.join(', '));
        }
        stand.manager.close();
        expect(stand.clock.scheduled).toBe(0);
        expect(stand.open).toHaveLength(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('SC-91: every wait, is exactly the step of its attempt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), async (steps) => {
        const stand = createStand();
        stand.manager.on('state', (state) => {
          if (state.name !== 'waiting') return;
          const stepMs = RECONNECT_STEPS_MS[Math.min(state.attempt, RECONNECT_STEPS_MS.length) - 1];
          expect(state.nextAtMs - stand.clock.nowMs()).toBe(stepMs);
        });
        for (const { run } of steps) await run(stand);
        stand.manager.close();
      }),
      { numRuns: 500 },
    );
  });

  it('SC-92: rejected, is left only by the user', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), async (steps) => {
        const stand = createStand();
        stand.manager.open();
        stand.last.end(4401);
        for (const { name, run } of steps) {
          if (WAYS_OUT.has(name)) break;
          await run(stand);
          expect(stand.manager.state.name, `after ${name}`).toBe('rejected');
        }
        expect(stand.clock.scheduled).toBe(stand.manager.state.name === 'rejected' ? 0 : 1);
      }),
      { numRuns: 300 },
    );
  });

  it('SC-93: whatever happened, a gateway that is there is reached in 60 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }), async (steps) => {
        const stand = createStand();
        for (const { run } of steps) await run(stand);
        stand.manager.setKey('another-key-of-16');
        stand.manager.open();
        if (stand.manager.state.name !== 'live') {
          stand.clock.advance(1);
          stand.goLive();
        }
        expect(stand.manager.state.name).toBe('live');
        stand.manager.close();
      }),
      { numRuns: 300 },
    );
  });
});
