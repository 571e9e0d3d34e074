/** A gateway's clients around fakes: one lane, a clock by hand, messages of so many bytes. */
import { createManualClock, createMemoryBus, parseApiKeys, silentLogger } from '@pulsewire/runtime';
import { createClients } from '../clients.js';
import type { Admission } from '../handshake.js';
import { createRecentLog } from '../recent-log.js';
import { readSelection } from '../selection.js';
import { createSnapshot } from '../snapshot.js';
import { createTurns } from '../turns.js';
import { createFakeConnection, createQuietLanes } from './fakes.js';
import { alert, arrival } from './messages.js';
import { createTestMetrics } from './metrics.js';

export const KEYS = ['one', 'two', 'three'].map((name) => ({ name, key: `${name}-key-0123456789` }));

/** `whenIdle`: when a look that waits for the end of a round may happen; at once by default. */
export function setUp(maxClients = 100, whenIdle = (task: () => void) => task()) {
  const clock = createManualClock();
  const { metrics } = createTestMetrics();
  const lanes = createQuietLanes(clock);
  const clients = createClients({
    keys: parseApiKeys(KEYS.map(({ name, key }) => `${name}:${key}`).join(',')),
    allowedOrigins: [],
    trustedProxies: [],
    maxClients,
    clock,
    logger: silentLogger,
    metrics,
    whenIdle,
    context: {
      ...{ clock, lanes, log: createMemoryBus({ clock }), snapshot: createSnapshot() },
      ...{
        catchUps: new Set(),
        slowFeeds: new Set(),
        turns: createTurns((task) => task()),
        version: '0',
        messagesPerSecond: 200,
      },
      recentLog: createRecentLog(clock),
      isLive: () => true,
      isPrimed: () => true,
      lastSeq: () => 0,
      outageWords: () => null,
      onSent() {},
      onThinned() {},
    },
  });
  function join() {
    const connection = createFakeConnection();
    return { connection, handler: clients.open(connection, admission()) };
  }
  let seq = 0;
  function write(bytes: number) {
    seq += 1;
    lanes.offer(arrival(alert({ message: 'x'.repeat(bytes) }), { seq }));
    lanes.flush();
  }
  return { clock, clients, lanes, join, write };
}

function admission(): Admission {
  const result = readSelection({});
  if (!result.ok) throw new Error('bad selection');
  return { keyName: 'one', selection: result.selection, after: null, protocol: null };
}
