/**
 * The messages of the last minutes, kept in memory, so that clients which lost their connection for a moment can
 * resume without a word to the bus. Each channel has a *floor*: everything after that id is here. It is `null`
 * while nothing is known. Bounded in time, messages and bytes over all channels; the oldest leave first.
 */
import { type Clock, RuntimeError } from '@pulsewire/runtime';
import type { Channel } from '@pulsewire/shared-schema';
import type { Arrival } from './arrival.js';
import type { LogPage, LogReader } from './log-reader.js';
import { createRecentChannel, type RecentChannel } from './recent-channel.js';
import { homeAmong, justBeforeMillisecondOf } from './resume-point.js';

export interface RecentLog {
  /** Must be told of every arrival, in order. Foreign ones have no position and are not kept. */
  note(arrival: Arrival): void;
  /** Everything after `floor` will be told of. Without it, a channel begins with what is noted first. */
  begin(channel: Channel, floor: string): void;
  /** Something of this channel was missed; it begins anew. */
  lose(channel: Channel): void;
  /** A reader when everything since `after` is here, on all these channels; otherwise `null`. */
  readerFor(channels: readonly Channel[], after: string): LogReader | null;
  size(): number;
  bytes(): number;
}

export interface RecentBounds {
  maxAgeMs: number;
  maxEntries: number;
  maxBytes: number;
}

const BOUNDS: RecentBounds = {
  maxAgeMs: 10 * 60_000,
  maxEntries: 100_000,
  maxBytes: 64 * 1024 * 1024,
};

/** What is too old leaves so often, and before somebody begins to read. */
const TRIM_EVERY_MS = 1000;

export function createRecentLog(clock: Clock, bounds: RecentBounds = BOUNDS): RecentLog {
  const channels = new Map<Channel, RecentChannel>();
  let size = 0;
  let bytes = 0;
  let trimmedMs = Number.NEGATIVE_INFINITY;

  function channelOf(channel: Channel): RecentChannel {
    const known = channels.get(channel) ?? createRecentChannel();
    channels.set(channel, known);
    return known;
  }

  function oldest(): RecentChannel | null {
    let found: RecentChannel | null = null;
    for (const each of channels.values())
      if (each.oldestMs() < (found?.oldestMs() ?? Number.POSITIVE_INFINITY)) found = each;
    return found;
  }

  function trim(): void {
    trimmedMs = clock.monotonicMs();
    const tooOldMs = trimmedMs - bounds.maxAgeMs;
    for (let from = oldest(); from !== null; from = oldest()) {
      if (size <= bounds.maxEntries && bytes <= bounds.maxBytes && from.oldestMs() >= tooOldMs) return;
      size -= 1;
      bytes -= from.shift();
    }
  }

  function read(channel: Channel, after: string | null, limit: number): LogPage {
    const kept = channelOf(channel);
    if (after === null) return { entries: kept.after(null, limit), reachesBack: true };
    if (!kept.covers(after)) throw new RuntimeError('log_unavailable', 'no longer in memory');
    return { entries: kept.after(after, limit), reachesBack: kept.contains(after) };
  }

  function lose(channel: Channel): void {
    const lost = channelOf(channel);
    size -= lost.size();
    bytes -= lost.bytes();
    lost.clear();
  }

  return {
    note(arrival) {
      const { id, channel } = arrival;
      if (id === null) return;
      const kept = channelOf(channel);
      if (!kept.isNext(id)) lose(channel);
      size += 1;
      bytes += arrival.payload.length;
      kept.push(id, arrival);
      const isFull = size > bounds.maxEntries || bytes > bounds.maxBytes;
      if (isFull || arrival.receivedMs - trimmedMs >= TRIM_EVERY_MS) trim();
    },
    begin(channel, floor) {
      channelOf(channel).begin(floor);
    },
    lose,
    readerFor(wanted, after) {
      trim();
      const earlier = justBeforeMillisecondOf(after);
      const kept = wanted.map(channelOf);
      const having = kept.filter((each) => each.contains(after));
      if (having.length === 0) return null;
      const home = homeAmong(having);
      const isHere = kept.every((each) => each.covers(each === home ? after : earlier));
      if (!isHere) return null;
      return { readLog: async (channel, { after: position, limit }) => read(channel, position, limit) };
    },
    size: () => size,
    bytes: () => bytes,
  };
}
