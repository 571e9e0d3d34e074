/**
 * Log entries in the order of their ids, packed into *blocks* of plain bytes and numbers. An object per entry
 * would be a survivor of every garbage collection, and copying survivors is what delays live messages.
 */
import type { LogEntry } from '@pulsewire/runtime';
import { comparePlaces, type LogPlace, placeOf, renderPlace } from '@pulsewire/shared-schema';

export interface PackedEntries {
  push(id: string, bytes: Buffer, receivedMs: number): void;
  /** Drops the oldest; returns its place and the size of its bytes, or `null` when there is none. */
  shift(): { place: LogPlace; bytes: number } | null;
  /** Number of the first entry after the place. Entries are numbered in the order of `push`, for ever. */
  numberAfter(place: LogPlace): number;
  /** The entry with this number, or `null` when it is not here. Its bytes are a view that stays valid. */
  at(number: number): LogEntry | null;
  placeAt(number: number): LogPlace | null;
  /** Number of the oldest entry, and of the next one to come. */
  first(): number;
  next(): number;
  /** Monotonic time of the oldest entry; infinite without one. */
  oldestMs(): number;
}

interface Block {
  /** Number of its first entry. */
  first: number;
  count: number;
  data: Buffer;
  /** Where each entry ends in `data`. */
  ends: Uint32Array;
  idMs: Float64Array;
  idSequence: Float64Array;
  receivedMs: Float64Array;
}

const BLOCK_ENTRIES = 256;
const BLOCK_BYTES = 64 * 1024;

export function createPackedEntries(): PackedEntries {
  const blocks: Block[] = [];
  let first = 0;
  let next = 0;

  function blockFor(size: number): Block {
    const last = blocks.at(-1);
    if (last !== undefined && last.count < BLOCK_ENTRIES && endOf(last) + size <= last.data.length)
      return last;
    const block = createBlock(next, Math.max(BLOCK_BYTES, size));
    blocks.push(block);
    return block;
  }

  function blockWith(number: number): Block | null {
    if (number < first || number >= next) return null;
    let [low, high] = [0, blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((blocks[middle]?.first ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    return blocks[low] ?? null;
  }

  function placeAt(number: number): LogPlace | null {
    const block = blockWith(number);
    return block === null ? null : placeIn(block, number - block.first);
  }

  return {
    push(id, bytes, receivedMs) {
      const block = blockFor(bytes.length);
      const { ms, sequence } = placeOf(id);
      const start = endOf(block);
      bytes.copy(block.data, start);
      block.ends[block.count] = start + bytes.length;
      block.idMs[block.count] = ms;
      block.idSequence[block.count] = sequence;
      block.receivedMs[block.count] = receivedMs;
      block.count += 1;
      next += 1;
    },
    shift() {
      const [block] = blocks;
      if (block === undefined || first === next) return null;
      const index = first - block.first;
      const dropped = { place: placeIn(block, index), bytes: endAt(block, index) - startAt(block, index) };
      first += 1;
      if (index + 1 === block.count) blocks.shift();
      return dropped;
    },
    numberAfter(place) {
      let [low, high] = [first, next];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (comparePlaces(placeAt(middle) ?? place, place) > 0) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    at(number) {
      const block = blockWith(number);
      if (block === null) return null;
      const index = number - block.first;
      return {
        id: renderPlace(placeIn(block, index)),
        bytes: block.data.subarray(startAt(block, index), endAt(block, index)),
      };
    },
    placeAt,
    first: () => first,
    next: () => next,
    oldestMs() {
      const [block] = blocks;
      return block?.receivedMs[first - block.first] ?? Number.POSITIVE_INFINITY;
    },
  };
}

function createBlock(first: number, bytes: number): Block {
  return {
    first,
    count: 0,
    // Not of the shared pool: a block must not keep others' memory, nor they its.
    data: Buffer.allocUnsafeSlow(bytes),
    ends: new Uint32Array(BLOCK_ENTRIES),
    idMs: new Float64Array(BLOCK_ENTRIES),
    idSequence: new Float64Array(BLOCK_ENTRIES),
    receivedMs: new Float64Array(BLOCK_ENTRIES),
  };
}

function placeIn(block: Block, index: number): LogPlace {
  return { ms: block.idMs[index] ?? 0, sequence: block.idSequence[index] ?? 0 };
}

function startAt(block: Block, index: number): number {
  return index === 0 ? 0 : endAt(block, index - 1);
}

function endAt(block: Block, index: number): number {
  return block.ends[index] ?? 0;
}

function endOf(block: Block): number {
  return startAt(block, block.count);
}
