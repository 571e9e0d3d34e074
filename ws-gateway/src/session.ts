/**
 * One client from hello to close. *Greeted* means that hello went out; nothing goes before it. A client is live
 * as a member of a lane; while it catches up it is in none, and live arrivals are kept back for it.
 */
import { delay } from '@pulsewire/runtime';
import { CLOSE_CODES } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import { type CatchUp, startCatchUp } from './catch-up.js';
import type { Connection } from './engine.js';
import { type Resumed, renderHello, SNAPSHOT_BEGIN, SNAPSHOT_END } from './feed-words.js';
import { type Place, rateOf } from './lanes.js';
import type { LogReader } from './log-reader.js';
import { createOutlet } from './outlet.js';
import type { Packet } from './packet.js';
import {
  closePressure,
  createPressure,
  judgePressure,
  openPressure,
  resetPressure,
  THIN_ABOVE_BYTES,
} from './pressure.js';
import type { Selection } from './selection.js';
import { canServe, memoryReader } from './serving.js';
import type { SessionContext } from './session-context.js';
import { createSlowFeed, type SlowFeed } from './slow-feed.js';
import { untoldOf } from './untold.js';
import { createWantedSelection } from './wanted-selection.js';

export interface Session {
  readonly id: string;
  /** Replaces what the client receives, beginning with a snapshot or with what it missed since `after`. */
  select(selection: Selection, after: string | null): void;
  /**
   * To be called when the gateway knows more: who waits for that, or was served without it, begins anew, with what was
   * missed or with the snapshot.
   */
  refresh(): void;
  /** Sends a packet of the gateway's own, hello first. */
  say(payload: Buffer): void;
  /** Tells of an outage. A client that was not greeted yet is told with its hello: now, if the log cannot be read any more. */
  announceOutage(packet: Packet): void;
  /** Tells that it is over; behind what a client that catches up still has to get. */
  announceRecovery(packet: Packet): void;
  /**
   * To be called regularly: thins or cuts off a client that reads too slowly, and takes it back. Returns how many
   * milliseconds it may stay away.
   */
  checkPressure(): number;
  /** Pings the client. */
  heartbeat(): void;
  /** Takes the payload of a pong. */
  heard(payload: string): void;
  /** Bytes that the client is not known to have read. */
  unsentBytes(): number;
  end(): void;
}

const DRAIN_CHECK_MS = 25;
const payloadOf = ({ payload }: { payload: Buffer }) => payload;

export function createSession(id: string, connection: Connection, context: SessionContext): Session {
  const { clock, lanes, snapshot } = context;
  const outlet = createOutlet({ connection, ...context });
  let current: Selection | null = null;
  /** What it asked for while the gateway could not serve that. */
  let pending: { after: string | null; isTold: boolean } | null = null;
  let catchUp: CatchUp | null = null;
  let place: Place | null = null;
  let slowFeed: SlowFeed | null = null;
  let pressure = createPressure(clock.monotonicMs());
  let held: Buffer[] | null = [];
  let recovery: Packet | null = null;
  const isReady = () => outlet.unsentBytes() <= THIN_ABOVE_BYTES;
  const wanted = createWantedSelection({ clock, isReady, take: replaceSelection });

  /** Hello and what was held back for it; nothing when the client was greeted before. */
  function greet(selection: Selection, resumed: Resumed): void {
    if (held === null) return;
    const said = held;
    held = null;
    const outage = context.outageWords();
    const hello = renderHello({
      clientId: id,
      nowMs: clock.nowMs(),
      version: context.version,
      messagesPerSecond: rateOf(selection, context.messagesPerSecond),
      resumed,
      state: outage === null ? 'live' : 'degraded',
      topics: selection.topics,
    });
    outlet.send([hello, ...(outage === null ? [] : [outage]), ...said]);
    // So early that even a slow client soon shows whether it answers.
    outlet.awaitMark();
  }

  function goLive(selection: Selection): void {
    greet(selection, 'none');
    // Who waits for what it missed has the rest, and would get what is known of that twice.
    const known = waitsForMissed() ? [] : snapshot.collect(selection);
    outlet.send([SNAPSHOT_BEGIN, ...known.map(payloadOf), SNAPSHOT_END]);
    if (pending !== null) pending.isTold = true;
    if (!waitsForMissed()) join(selection);
  }

  /** What comes until then is part of that. */
  function waitsForMissed(): boolean {
    return pending !== null && pending.after !== null;
  }

  function join(selection: Selection): void {
    if (recovery !== null) outlet.forward(recovery);
    recovery = null;
    if (!outlet.awaitsFirst()) return void enterLane(selection, 0);
    pressure = closePressure(pressure);
    feedSlowly(selection, true);
  }

  /** `spent`: messages that it got in the last second. */
  function enterLane(selection: Selection, spent: number): void {
    place = lanes.join(outlet.member, selection, context.lastSeq(), spent);
    outlet.enterLane(place);
  }

  /** Returns what was held back there. */
  function leaveLane(): Arrival[] {
    const waiting = place?.leave() ?? [];
    outlet.leaveLane();
    place = null;
    return waiting;
  }

  function resume(selection: Selection, after: string, log: LogReader): void {
    const started = startCatchUp({
      log,
      clock,
      selection,
      after,
      onBegin(resumed, firstIds) {
        const older = resumed === 'complete' ? [] : snapshot.collect(selection);
        const untold = untoldOf(older, after, firstIds);
        greet(selection, resumed);
        outlet.send([SNAPSHOT_BEGIN, ...untold.map(payloadOf)]);
      },
      onEntries: outlet.send,
      whenDrained: () => whenDrained(() => catchUp === started),
      turn: () => context.turns.next(),
      onDone(arrivals) {
        endCatchUp();
        outlet.send([SNAPSHOT_END, ...arrivals.map(payloadOf)]);
        join(selection);
      },
      onUnavailable(begun) {
        endCatchUp();
        // Half a catch-up cannot be mended here: the client comes back with the last id that it did receive.
        if (begun) connection.close(CLOSE_CODES.serviceRestart, 'the log became unavailable; resume again');
        else {
          if (!context.isPrimed()) pending = { after, isTold: false };
          if (context.isPrimed() || context.outageWords() !== null) goLive(selection);
        }
      },
      onOverflow: outlet.closeTooSlow,
    });
    catchUp = started;
    context.catchUps.add(started);
  }

  function begin(selection: Selection, after: string | null): void {
    const recent = memoryReader(context, selection, after);
    if (after === null || (recent === null && context.outageWords() !== null)) goLive(selection);
    else resume(selection, after, recent ?? context.log);
  }

  function endCatchUp(): void {
    if (catchUp === null) return;
    catchUp.cancel();
    context.catchUps.delete(catchUp);
    catchUp = null;
  }

  /** Who makes no progress is cut off meanwhile. What another selection is about to replace is sent no further. */
  async function whenDrained(isCurrent: () => boolean): Promise<boolean> {
    while (connection.isOpen && isCurrent() && (wanted.waits() || outlet.unsentBytes() > THIN_ABOVE_BYTES))
      await delay(clock, DRAIN_CHECK_MS);
    return connection.isOpen;
  }

  function leave(): void {
    endCatchUp();
    endSlowFeed();
    leaveLane();
  }

  function beginSlowFeed(): void {
    // While it catches up it is sent no more than it takes anyway.
    pressure.thinned = current !== null && place !== null;
    if (current === null || place === null) return;
    const waiting = leaveLane();
    const feed = feedSlowly(current, false);
    for (const sample of waiting) feed.offer(sample);
    outlet.awaitMark();
  }

  function feedSlowly(selection: Selection, keepsAll: boolean): SlowFeed {
    slowFeed = createSlowFeed({
      keepsAll,
      selection,
      messagesPerSecond: rateOf(selection, context.messagesPerSecond),
      nowMs: clock.monotonicMs(),
      write: outlet.write,
      onThinned: context.onThinned,
    });
    context.slowFeeds.add(slowFeed);
    return slowFeed;
  }

  function endSlowFeed(): void {
    pressure = openPressure(pressure);
    if (slowFeed === null) return;
    context.slowFeeds.delete(slowFeed);
    slowFeed = null;
    outlet.treatAsNew();
  }

  function release(nowMs: number, mayRejoin: boolean): void {
    if (current === null || slowFeed === null) return;
    // Who is far away is probed, too: nothing is skipped for it before it has shown that it is slow.
    if (pressure.opening === 'probed') slowFeed.releaseKept(nowMs, pressure.releaseBytes);
    const hasAll = mayRejoin && slowFeed.releaseKept(nowMs, Number.POSITIVE_INFINITY);
    const isEmpty = hasAll || (pressure.opening === 'open' && slowFeed.release(nowMs, pressure.releaseBytes));
    if (!hasAll && (outlet.answers() || outlet.awaitsFirst())) outlet.awaitMark();
    if (!isEmpty || !mayRejoin) return;
    enterLane(current, slowFeed.spent(nowMs));
    endSlowFeed();
  }

  function relieve(nowMs: number): void {
    const { next, action } = judgePressure(pressure, outlet.facts(nowMs));
    pressure = next;
    if (action === 'cutOff') outlet.closeTooSlow();
    else if (action === 'thin') beginSlowFeed();
    else if (action !== 'none') release(nowMs, action === 'release');
  }

  function replaceSelection(selection: Selection, after: string | null): void {
    leave();
    current = selection;
    pending = canServe(context, selection, after) ? null : { after, isTold: false };
    // While the log is being read what is known is neither whole nor told to those who wait: hello waits, too.
    if (pending === null || context.outageWords() !== null) begin(selection, after);
  }

  return {
    id,
    select: wanted.put,
    refresh() {
      if (current === null || pending === null || !canServe(context, current, pending.after)) return;
      const { after } = pending;
      pending = null;
      leave();
      begin(current, after);
    },
    say(payload) {
      if (held === null) outlet.send([payload]);
      else held.push(payload);
    },
    announceOutage(packet) {
      recovery = null;
      if (held === null) outlet.forward(packet);
      const waits = pending !== null && !pending.isTold && catchUp === null;
      if (current !== null && waits && context.outageWords() !== null) goLive(current);
    },
    announceRecovery(packet) {
      if (held !== null) return;
      if (catchUp === null && !waitsForMissed()) outlet.forward(packet);
      else recovery = packet;
    },
    checkPressure() {
      const nowMs = clock.monotonicMs();
      const isCalm = !pressure.thinned && outlet.unsentBytes() === 0;
      if (!isCalm) relieve(nowMs);
      const isMarked = outlet.markWhenDue(nowMs);
      const restMs = isCalm && !isMarked ? outlet.restMs(nowMs) : 0;
      if (isCalm) resetPressure(pressure, nowMs + restMs);
      return restMs;
    },
    heartbeat: outlet.mark,
    heard(payload) {
      outlet.heard(payload);
      if (pressure.opening === 'closed') relieve(clock.monotonicMs());
    },
    unsentBytes: outlet.unsentBytes,
    end() {
      wanted.stop();
      leave();
    },
  };
}
