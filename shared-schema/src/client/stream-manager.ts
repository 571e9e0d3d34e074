/**
 * The stream client: keeps a connection to the feed, whatever happens. Composition only; what to do is decided in
 * `reconnect-state.ts`, `liveness.ts` and `session.ts`. At most one socket and one timer exist at any time.
 */
import type { ClientMessage } from '../feed.js';
import { createClockOffset } from './clock-offset.js';
import { deriveCloseEvent } from './close-reason.js';
import { createEmitter } from './emitter.js';
import { checkUrl, deriveAddress, deriveProtocols, deriveSubscribe } from './handshake.js';
import { createLatencyWindow } from './latency-window.js';
import {
  decideLiveness,
  demandAnswer,
  type Liveness,
  noteAnswer,
  noteFrame,
  startLiveness,
} from './liveness.js';
import {
  platformClock,
  platformConnect,
  platformProbe,
  platformReport,
  platformWakeUps,
} from './platform.js';
import {
  INITIAL_LINK,
  type LinkAction,
  type LinkEvent,
  type LinkState,
  transition,
} from './reconnect-state.js';
import { createSeenIds } from './seen-ids.js';
import { createSession, type Session } from './session.js';
import type {
  LatencyReport,
  Selection,
  SocketLike,
  StreamManager,
  StreamManagerOptions,
  StreamState,
} from './types.js';

const DEFAULT_JITTER = 0.2;
/** From the start of a connection to `hello`, and from a failed handshake to knowing why. */
const HANDSHAKE_MS = 10_000;
const LATENCY_REPORT_PERIOD_MS = 1000;

/** Everything that ends when the connection does. */
interface Connection {
  socket: SocketLike;
  session: Session;
  selection: Selection;
  opened: boolean;
  liveness: Liveness | null;
}

/** Makes a stream client; nothing is connected before `open`. Throws `StreamClientError`. */
export function createStreamManager(options: StreamManagerOptions): StreamManager {
  checkUrl(options.url);
  const connectSocket = options.connect ?? platformConnect();
  const probe = options.probe ?? platformProbe;
  const clock = options.clock ?? platformClock;
  const random = options.random ?? Math.random;
  const wakeUps = options.wakeUps ?? platformWakeUps;
  const jitter = options.jitter ?? DEFAULT_JITTER;
  const emitter = createEmitter(options.onListenerError ?? platformReport);
  const seen = createSeenIds(options.after ?? null);
  const latencies = createLatencyWindow();
  let offset = createClockOffset();
  let key = options.key;
  let selection = options.selection ?? {};
  let link: LinkState = INITIAL_LINK;
  let connection: Connection | null = null;
  /** What everything was received of, up to the last id. Not before a snapshot is complete; `null` until then. */
  let basis: { selection: Selection; key: string } | 'given' | null = 'given';
  let cancelTimer: (() => void) | null = null;
  let stopWakeUps: (() => void) | null = null;
  /** Counts drops; a probe that belongs to an earlier count is answered by nobody. */
  let epoch = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  function dispatch(event: LinkEvent): void {
    const before = link.view;
    const { next, actions } = transition(link, event, { nowMs: clock.nowMs(), jitter, random: random() });
    link = next;
    for (const action of actions) perform(action);
    followWakeUps();
    const { view } = next;
    // A connect that fails at once has moved on already; then this state is not the truth any more.
    if (!sameState(before, view)) emitter.emit('state', view, () => link.view === view);
  }

  function perform(action: LinkAction): void {
    switch (action.type) {
      case 'drop':
        drop();
        break;
      case 'connect':
        connect();
        break;
      case 'probe':
        askWhy();
        break;
      case 'wait':
        arm(action.delayMs, () => dispatch({ type: 'due' }));
        break;
      case 'watch':
        watch();
        break;
      case 'check':
        check();
        break;
    }
  }

  function arm(delayMs: number, task: () => void): void {
    cancelTimer?.();
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      task();
    });
  }

  function drop(): void {
    epoch += 1;
    cancelTimer?.();
    cancelTimer = null;
    const ended = connection;
    connection = null;
    if (ended === null) return;
    const { socket } = ended;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    // `ws` throws an error event that nobody listens to, and a close during the handshake causes one.
    socket.onerror = () => undefined;
    try {
      socket.close(1000);
    } catch {
      // Closing is all that was wanted, and it is closed.
    }
  }

  function connect(): void {
    arm(HANDSHAKE_MS, () => dispatch({ type: 'lost', reason: 'network_error' }));
    let socket: SocketLike;
    try {
      socket = connectSocket(deriveAddress(options.url, selection, resumeAfter()), deriveProtocols(key));
    } catch {
      dispatch({ type: 'lost', reason: 'network_error' });
      return;
    }
    offset = createClockOffset();
    const current: Connection = { socket, session: startSession(), selection, opened: false, liveness: null };
    connection = current;
    socket.onopen = () => {
      current.opened = true;
    };
    socket.onmessage = ({ data }) => receive(current, data);
    socket.onclose = ({ code }) => dispatch(deriveCloseEvent(code, current.opened));
    // Always followed by a close, which tells more.
    socket.onerror = () => undefined;
  }

  function resumeAfter(): string | null {
    const holds = basis === 'given' || (basis?.selection === selection && basis.key === key);
    if (!holds) return null;
    return seen.resumeAfter(clock.nowMs() - (options.resumeWithinMs ?? Number.POSITIVE_INFINITY));
  }

  function startSession(): Session {
    const started = epoch;
    const asked = { selection, key };
    return createSession({
      seen,
      latencies,
      offset,
      isLive: () => link.view.name === 'live' && connection?.liveness?.wokeAtMs === null,
      onHello: (heartbeatMs, resumed) => {
        if (!resumed) basis = null;
        if (connection !== null) connection.liveness = startLiveness(heartbeatMs, clock.nowMs());
      },
      onSnapshot: (first) => {
        if (connection !== null) basis = first ? asked : { ...asked, selection: connection.selection };
      },
      onAnswer: (pingedAtMs) => {
        if (connection !== null && connection.liveness !== null) noteAnswer(connection.liveness, pingedAtMs);
      },
      onLink: dispatch,
      onMessage: (received) => emitter.emit('message', received, () => epoch === started),
      onFeed: (message) => emitter.emit('feed', message, () => epoch === started),
    });
  }

  function receive(from: Connection, payload: unknown): void {
    const nowMs = clock.nowMs();
    if (from.liveness !== null) noteFrame(from.liveness, nowMs);
    from.session.receive(payload, nowMs);
    if (connection === from) reportLatency(nowMs);
  }

  function askWhy(): void {
    const asked = epoch;
    const answer = (status: number | null) => {
      if (epoch === asked) dispatch({ type: 'probed', status });
    };
    probe(deriveAddress(options.url, {}, null), key).then(answer, () => answer(null));
  }

  function watch(): void {
    if (connection === null) return;
    if (connection.selection !== selection) sendSelection(connection);
    tick();
  }

  function check(): void {
    if (connection === null || connection.liveness === null) return;
    connection.liveness = demandAnswer(connection.liveness, clock.nowMs());
    tick();
  }

  function tick(): void {
    if (connection === null || connection.liveness === null) return;
    const nowMs = clock.nowMs();
    const decision = decideLiveness(connection.liveness, nowMs);
    if (decision.lost) {
      dispatch({ type: 'lost', reason: 'silent' });
      return;
    }
    connection.liveness = decision.next;
    arm(decision.delayMs, tick);
    if (decision.ping) send(connection, { type: 'ping', data: { t: nowMs } });
    reportLatency(nowMs);
  }

  function sendSelection(to: Connection): void {
    to.selection = selection;
    send(to, { type: 'subscribe', data: deriveSubscribe(selection) });
  }

  function send(to: Connection, message: ClientMessage): void {
    try {
      to.socket.send(JSON.stringify(message));
    } catch {
      // The socket is closing; its close event tells what to do.
    }
  }

  function reportLatency(nowMs: number): void {
    const sinceMs = nowMs - reportedAtMs;
    if (sinceMs >= 0 && sinceMs < LATENCY_REPORT_PERIOD_MS) return;
    reportedAtMs = nowMs;
    emitter.emit('latency', latency(nowMs));
  }

  function latency(nowMs: number): LatencyReport {
    const best = offset.best();
    return {
      ...latencies.summary(nowMs),
      clockOffsetMs: best?.offsetMs ?? null,
      roundTripMs: best?.roundTripMs ?? null,
    };
  }

  function followWakeUps(): void {
    const wanted = link.view.name !== 'idle' && link.view.name !== 'closed';
    if (wanted && stopWakeUps === null) stopWakeUps = wakeUps(() => dispatch({ type: 'wake' }));
    if (wanted || stopWakeUps === null) return;
    stopWakeUps();
    stopWakeUps = null;
  }

  return {
    get state() {
      return link.view;
    },
    get latency() {
      return latency(clock.nowMs());
    },
    open: () => dispatch({ type: 'open' }),
    close: () => dispatch({ type: 'close' }),
    retryNow: () => dispatch({ type: 'retry' }),
    setKey(replacement) {
      key = replacement;
      dispatch({ type: 'new_key' });
    },
    select(replacement) {
      selection = replacement;
      if (connection !== null && connection.liveness !== null) sendSelection(connection);
    },
    on: emitter.on,
  };
}

function sameState(a: StreamState, b: StreamState): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
