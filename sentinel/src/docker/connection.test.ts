import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Connection, type ConnectionEvent, dependencyOf, stepConnection } from './connection.js';

const event = fc.constantFrom<ConnectionEvent>(
  { name: 'connected' },
  { name: 'failed', cause: 'enoent' },
  { name: 'cut' },
);

it('SE-56: any course of events, a warning only when it goes down and a line only when it comes up', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50 }), (events) => {
      let state: Connection = { name: 'new' };
      events.forEach((next, second) => {
        const before = state.name;
        const step = stepConnection(state, next, { nowMs: second * 1000, address: 'unix' });
        state = step.state;
        const changed = before !== state.name;
        expect(step.says).toBe(changed ? (state.name === 'down' ? 'warn' : 'info') : null);
      });
    }),
  );
});

it('SE-57: any course of events, it is tried again unless it is connected, never later than after 30 s', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 50 }),
      fc.constantFrom('unix' as const, 'tcp' as const),
      (events, address) => {
        let state: Connection = { name: 'new' };
        events.forEach((next, second) => {
          const step = stepConnection(state, next, { nowMs: second * 1000, address });
          state = step.state;
          if (next.name === 'connected') expect(step.tryInMs).toBeNull();
          else expect(step.tryInMs).toBeLessThanOrEqual(30_000);
        });
      },
    ),
  );
});

it('SE-57: a stream that is cut again and again, not a connection without end', () => {
  const up: Connection = { name: 'up', sinceMs: 0, connectedMs: 10_000 };
  expect(stepConnection(up, { name: 'cut' }, { nowMs: 11_000, address: 'unix' }).tryInMs).toBe(2000);
  expect(stepConnection(up, { name: 'cut' }, { nowMs: 60_000, address: 'unix' }).tryInMs).toBe(0);
});

it('SE-70: before the first answer the engine counts as down', () => {
  expect(dependencyOf({ name: 'new' }, 5)).toEqual({ status: 'down', sinceMs: 5, cause: 'starting' });
});
