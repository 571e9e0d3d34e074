/** The lanes that have members, by selection; a lane begins with its first member and ends with its last. */
import type { Arrival } from './arrival.js';
import { createLane, type Lane, type LaneMember, type LaneOptions } from './lane.js';
import type { Selection } from './selection.js';

/** A member's place in a lane. */
export interface Place {
  /** Bytes that the lane wrote to its members since this one joined. */
  writtenBytes(): number;
  /** Leaves, and returns the samples that were held back there: the member has not received them. */
  leave(): Arrival[];
}

export interface Lanes {
  offer(arrival: Arrival): void;
  /** Writes what this turn collected so far. */
  flush(): void;
  /**
   * Joins after `joinedSeq`, the last arrival that the member has already. `spent` messages that it got in the last
   * second count for a lane that begins with it; one that has members must not be held back for a new one.
   */
  join(member: LaneMember, selection: Selection, joinedSeq: number, spent?: number): Place;
  /** Of the lane that wrote most to each of its members since the last call. */
  takeLargestBytes(): number;
  size(): number;
  /** What each of them holds back, in bytes. */
  waitingBytes(): number[];
  stop(): void;
}

export type LanesOptions = Omit<LaneOptions, 'selection' | 'requestFlush' | 'spent'> & {
  /** Runs the task at the end of this turn of the event loop. */
  defer(task: () => void): void;
};

/** The limit that holds for a client: the server's, or what it asked for when that is less. */
export function rateOf(selection: Selection, messagesPerSecond: number): number {
  return Math.min(selection.rate ?? messagesPerSecond, messagesPerSecond);
}

export function createLanes(options: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>();
  const dirty = new Set<Lane>();

  function flush(): void {
    for (const lane of dirty) lane.flush();
    dirty.clear();
  }

  function requestFlush(lane: Lane): void {
    if (dirty.size === 0) options.defer(flush);
    dirty.add(lane);
  }

  function laneFor(selection: Selection, spent: number): Lane {
    const known = lanes.get(selection.key);
    if (known !== undefined) return known;
    const messagesPerSecond = rateOf(selection, options.messagesPerSecond);
    const lane = createLane({ ...options, selection, messagesPerSecond, requestFlush, spent });
    lanes.set(selection.key, lane);
    return lane;
  }

  return {
    offer(arrival) {
      for (const lane of lanes.values()) lane.offer(arrival);
    },
    flush,
    join(member, selection, joinedSeq, spent = 0) {
      const lane = laneFor(selection, spent);
      lane.flush();
      lane.add(member, joinedSeq);
      const joinedBytes = lane.writtenBytes();
      return {
        writtenBytes: () => lane.writtenBytes() - joinedBytes,
        leave() {
          lane.flush();
          lane.delete(member);
          // Who joined while they waited has the older ones already.
          const waiting = lane.waiting().filter(({ seq }) => seq > joinedSeq);
          if (lane.size() > 0) return waiting;
          lane.stop();
          lanes.delete(selection.key);
          return waiting;
        },
      };
    },
    takeLargestBytes() {
      let largest = 0;
      for (const lane of lanes.values()) largest = Math.max(largest, lane.takeBytes());
      return largest;
    },
    size: () => lanes.size,
    waitingBytes: () => [...lanes.values()].map((lane) => lane.waitingBytes()),
    stop() {
      for (const lane of lanes.values()) lane.stop();
      lanes.clear();
    },
  };
}
