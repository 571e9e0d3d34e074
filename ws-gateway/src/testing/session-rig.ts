/** A session on a memory bus with fakes around it, for tests. */
import { createManualClock, createMemoryBus } from '@pulsewire/runtime';
import type { CatchUp } from '../catch-up.js';
import { createRecentLog } from '../recent-log.js';
import { readSelection, type SelectionFields } from '../selection.js';
import { createSession } from '../session.js';
import type { SessionContext } from '../session-context.js';
import { createSnapshot } from '../snapshot.js';
import { createFakeConnection, createQuietLanes } from './fakes.js';
import { arrival } from './messages.js';

export function selectionOf(fields: SelectionFields = {}) {
  const result = readSelection(fields);
  if (!result.ok) throw new Error('bad selection');
  return result.selection;
}

export function setUp(change: Partial<SessionContext> = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock });
  const snapshot = createSnapshot();
  let seq = 0;
  const lanes = createQuietLanes(clock);
  const context: SessionContext = {
    clock,
    log: bus,
    recentLog: createRecentLog(clock),
    snapshot,
    lanes,
    catchUps: new Set<CatchUp>(),
    turns: { next: () => Promise.resolve() },
    slowFeeds: new Set(),
    onThinned() {},
    version: '1.2.3',
    messagesPerSecond: 200,
    isLive: () => true,
    isPrimed: () => true,
    lastSeq: () => seq,
    outageWords: () => null,
    takeMark: () => true,
    onSent() {},
    ...change,
  };
  const connection = createFakeConnection();
  const session = createSession('c-1', connection, context);
  return {
    ...{ clock, bus, context, connection, session, lanes },
    another: () => createSession('c-2', createFakeConnection(), context),
    arrive(message: Parameters<typeof arrival>[0]) {
      seq += 1;
      const each = arrival(message, { seq });
      snapshot.note(each);
      lanes.offer(each);
      for (const feed of context.slowFeeds) feed.offer(each);
      lanes.flush();
    },
  };
}
