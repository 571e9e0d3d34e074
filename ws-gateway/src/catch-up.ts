/**
 * What a client missed, read from the log page by page and handed on at once, so that its memory is one page.
 * Meanwhile live arrivals are kept back. Whatever arrived before a page was asked for is in that page or an
 * earlier one, because the bus appends and publishes in one step; so the kept ones are dropped then, and at the
 * end only those newer than the last entry read are handed over: nothing twice, nothing missing.
 */
import { type Clock, RuntimeError } from '@pulsewire/runtime';
import { type Channel, compareLogIds } from '@pulsewire/shared-schema';
import { type Arrival, acceptDelivery, payloadBytes } from './arrival.js';
import type { LogPage, LogReader, ReadEntry } from './log-reader.js';
import { findResumePoint } from './resume-point.js';
import { channelsOf, wants } from './route.js';
import type { Selection } from './selection.js';

export interface CatchUpOptions {
  log: LogReader;
  clock: Clock;
  selection: Selection;
  after: string;
  /**
   * Called first. `partial`: some log no longer reaches back to `after`; `firstIds` then tells with which entry
   * each log begins, `null` for an empty one.
   */
  onBegin(resumed: 'complete' | 'partial', firstIds: ReadonlyMap<Channel, string | null>): void;
  onEntries(payloads: Buffer[]): void;
  /** Resolves when it is this catch-up's turn to work through a page: live messages go out between the pages. */
  turn(): Promise<void>;
  /** Resolves when the client has taken enough of what it was sent; `false` when it is gone. */
  whenDrained(): Promise<boolean>;
  /** Called last: what arrived meanwhile. */
  onDone(arrivals: Arrival[]): void;
  /** Called instead of `onDone` when the log cannot be read. `begun`: after {@link CatchUpOptions.onBegin}. */
  onUnavailable(begun: boolean): void;
  /** Called instead of `onDone` when more than {@link MAX_KEPT_BYTES} arrived before the client had its log. */
  onOverflow(): void;
}

export interface CatchUp {
  /** Keeps a live arrival back. */
  offer(arrival: Arrival): void;
  /** Of the live arrivals that are kept back. */
  keptBytes(): number;
  /** Nothing is called any more. */
  cancel(): void;
}

/** Working through a page takes a few milliseconds, which live messages have to wait. */
const PAGE_ENTRIES = 250;
const READ_TIMEOUT_MS = 2000;
/** Payload bytes of live arrivals that are kept back for one client. */
export const MAX_KEPT_BYTES = 8 * 1024 * 1024;

export function startCatchUp(options: CatchUpOptions): CatchUp {
  const { selection, clock, log } = options;
  const channels = channelsOf(selection);
  const lastIds = new Map<Channel, string>();
  let kept: Arrival[] = [];
  let keptBytes = 0;
  let cancelled = false;
  let begun = false;

  function readPage(channel: Channel, after: string | null, limit: number): Promise<LogPage> {
    keep(kept.filter((arrival) => arrival.channel !== channel || arrival.id === null));
    return withTimeout(log.readLog(channel, { after, limit }), clock);
  }

  function keep(arrivals: Arrival[]): void {
    kept = arrivals;
    keptBytes = payloadBytes(arrivals);
  }

  function cancel(): void {
    cancelled = true;
    keep([]);
  }

  function handOn(channel: Channel, { entries }: LogPage): boolean {
    const last = entries.at(-1);
    if (last !== undefined) lastIds.set(channel, last.id);
    const payloads = entries.filter((entry) => isWanted(channel, entry)).map(({ bytes }) => bytes);
    if (payloads.length > 0) options.onEntries(payloads);
    return entries.length >= PAGE_ENTRIES;
  }

  function isWanted(channel: Channel, entry: ReadEntry): boolean {
    if (entry.message === undefined) {
      const accepted = acceptDelivery({ channel, ...entry }, 0, 0);
      if (!accepted.ok) return false;
      entry.message = accepted.arrival.message;
    }
    return wants(selection, entry.message);
  }

  async function run(): Promise<void> {
    const { complete, starts } = await findResumePoint(channels, options.after, PAGE_ENTRIES, readPage);
    if (cancelled) return;
    begun = true;
    const firstIds = [...starts].map(
      ([channel, { page }]) => [channel, page.entries[0]?.id ?? null] as const,
    );
    options.onBegin(complete ? 'complete' : 'partial', new Map(firstIds));
    // An id that no log knows, and after which there is nothing, may be later than all that is to come.
    for (const [channel, { after, page }] of starts)
      if (complete || page.entries.length > 0) lastIds.set(channel, after);
    for (const [channel, { page: firstPage }] of starts) {
      await options.turn();
      if (cancelled) return;
      let more = handOn(channel, firstPage);
      while (more) {
        if (!(await options.whenDrained()) || cancelled) return;
        const page = await readPage(channel, lastIds.get(channel) ?? null, PAGE_ENTRIES);
        if (!page.reachesBack) throw new RuntimeError('log_unavailable', 'trimmed while it was read');
        await options.turn();
        if (cancelled) return;
        more = handOn(channel, page);
      }
    }
    options.onDone(kept.filter((arrival) => isNewer(arrival, lastIds)));
  }

  run().catch(() => {
    if (!cancelled) options.onUnavailable(begun);
  });
  return {
    offer(arrival) {
      if (cancelled || !wants(selection, arrival.message)) return;
      kept.push(arrival);
      keptBytes += arrival.payload.length;
      if (keptBytes <= MAX_KEPT_BYTES) return;
      cancel();
      options.onOverflow();
    },
    keptBytes: () => keptBytes,
    cancel,
  };
}

function isNewer({ id, channel }: Arrival, lastIds: ReadonlyMap<Channel, string>): boolean {
  const last = lastIds.get(channel);
  return id === null || last === undefined || compareLogIds(id, last) > 0;
}

/** A frozen bus answers nothing at all; a client must not wait for it longer than this. */
function withTimeout(page: Promise<LogPage>, clock: Clock): Promise<LogPage> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(READ_TIMEOUT_MS, () =>
      reject(new RuntimeError('log_unavailable', `no answer within ${READ_TIMEOUT_MS} ms`)),
    );
    page.then(resolve, reject).finally(cancel);
  });
}
