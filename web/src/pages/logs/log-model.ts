/**
 * The lines that the page has: *older* ones, which the database gave for the filter, and *live* ones, of which all
 * are kept so that another filter finds them. Bounded in number and in length; what the screen must move by, so that
 * it shows the same lines as before, is counted in `shift`. While it is *held*, new lines are kept and not shown.
 */

import { type Batch, createBatch } from '../../live/batch.js';
import type { PageClock } from '../../platform/clock.js';
import { createMatcher, type LogFilter, type LogLine, lineKey } from './log-line.js';

export interface LogView {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** Lines put before all others, minus those dropped there. */
  readonly shift: number;
  /** Lines that came in over the feed and pass the filter, dropped ones among them. */
  readonly received: number;
  /** So many of those are not shown yet; `null` when it is not held. */
  readonly heldBack: number | null;
}

export const LIVE_KEPT = 20_000;
export const OLDER_KEPT = 20_000;
/** Characters of messages, of the live and of the older lines each: a line may have 30,000. */
export const KEPT_LENGTH = 16_000_000;
/** Dropping a tenth at a time makes it rare. */
const DROPPED_AT_ONCE = LIVE_KEPT / 10;
const LENGTH_AFTER_DROP = KEPT_LENGTH * 0.9;
const FLUSH_MS = 200;

interface Held {
  readonly matching: readonly LogLine[];
  readonly received: number;
  readonly sinceMs: number | null;
  /** What is shown lies no longer next to the live lines. */
  isApart: boolean;
}

export class LogModel {
  #filter: (line: LogLine) => boolean;
  #older: readonly LogLine[] = [];
  #olderLength = 0;
  /** Of the older lines; those that come in over the feed as well are shown as live ones. */
  #olderKeys = new Set<string>();
  #live: LogLine[] = [];
  #liveLength = 0;
  /** Of the live ones, those that pass. */
  #matching: LogLine[] = [];
  #sinceMs: number | null = null;
  #held: Held | null = null;
  #shift = 0;
  #received = 0;
  #view: LogView = { lines: [], shift: 0, received: 0, heldBack: null };
  readonly #listeners = new Set<() => void>();
  readonly #batch: Batch;

  constructor(clock: PageClock, filter: LogFilter) {
    this.#filter = createMatcher(filter);
    this.#batch = createBatch({ clock, minPeriodMs: FLUSH_MS, flush: () => this.#flush() });
  }

  readonly view = (): LogView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The feed brings every line that was published after this moment, epoch milliseconds. */
  followFrom(sinceMs: number): void {
    this.#sinceMs = sinceMs;
  }

  /** A line of the feed. */
  receive(line: LogLine): void {
    this.#live.push(line);
    this.#liveLength += line.message.length;
    if (this.#filter(line)) {
      this.#matching.push(line);
      this.#received += 1;
      if (this.#olderKeys.size > 0 && this.#olderKeys.has(lineKey(line))) this.#leaveToLive(line);
    }
    const isMuch = this.#live.length > LIVE_KEPT + DROPPED_AT_ONCE || this.#liveLength > KEPT_LENGTH;
    if (isMuch) this.#dropOldest();
    this.#batch.mark();
  }

  /**
   * Lines from before all others, oldest first; those that are there already are left out. Returns how many were
   * new.
   */
  prepend(lines: readonly LogLine[]): number {
    const known = new Set(this.#olderKeys);
    for (const line of this.#held?.matching ?? this.#matching) known.add(lineKey(line));
    const added = lines.filter((line) => !known.has(lineKey(line)));
    this.#setOlder([...added, ...this.#older]);
    this.#shift += added.length;
    this.#flush();
    return added.length;
  }

  /** Lines from after all older ones: how one reads on from a moment of the past. */
  append(lines: readonly LogLine[]): void {
    this.#setOlder([...this.#older, ...lines.filter((line) => !this.#olderKeys.has(lineKey(line)))]);
    this.#flush();
  }

  /** True when no more older lines are kept. */
  get isFull(): boolean {
    return this.#older.length >= OLDER_KEPT || this.#olderLength >= KEPT_LENGTH;
  }

  /**
   * While there are no older lines, and the feed is followed: what was written up to this moment is not all here.
   * Epoch milliseconds, else `null`.
   */
  get lackingUntilMs(): number | null {
    if (this.#older.length > 0) return null;
    return this.#held === null ? this.#sinceMs : this.#held.sinceMs;
  }

  /** Another filter: what the database gave for the former one goes. */
  setFilter(filter: LogFilter): void {
    this.#filter = createMatcher(filter);
    this.#held = null;
    this.#setOlder([]);
    this.#matching = this.#live.filter(this.#filter);
    this.#received = this.#matching.length;
    this.#shift = 0;
    this.#flush();
  }

  hold(): void {
    this.#held ??= {
      matching: [...this.#matching],
      received: this.#received,
      sinceMs: this.#sinceMs,
      isApart: false,
    };
    this.#flush();
  }

  /** Shows what was held back. */
  release(): void {
    if (this.#held?.isApart === true) {
      this.#shift -= this.#older.length;
      this.#setOlder([]);
    }
    this.#held = null;
    this.#flush();
  }

  clear(): void {
    this.#held = null;
    this.#setOlder([]);
    this.#live = [];
    this.#liveLength = 0;
    this.#matching = [];
    this.#sinceMs = null;
    this.#received = 0;
    this.#shift = 0;
    this.#flush();
  }

  stop(): void {
    this.#batch.stop();
  }

  #setOlder(lines: readonly LogLine[]): void {
    this.#older = lines;
    this.#olderLength = lines.reduce((sum, { message }) => sum + message.length, 0);
    this.#olderKeys = new Set(lines.map(lineKey));
  }

  /** The feed begins a little back: it brings lines that the database gave already, and its order counts. */
  #leaveToLive(line: LogLine): void {
    if (this.#held !== null) return;
    const key = lineKey(line);
    this.#setOlder(this.#older.filter((each) => lineKey(each) !== key));
  }

  /** Older lines go first, or there would be a hole between them and the live ones. */
  #dropOldest(): void {
    let count = this.#live.length > LIVE_KEPT + DROPPED_AT_ONCE ? DROPPED_AT_ONCE : 0;
    let left = this.#liveLength;
    for (let index = 0; index < count || left > LENGTH_AFTER_DROP; index += 1) {
      left -= this.#live[index]?.message.length ?? left;
      count = Math.max(count, index + 1);
    }
    const dropped = this.#live.splice(0, count);
    this.#liveLength = left;
    for (const { timestamp } of dropped) this.#sinceMs = Math.max(this.#sinceMs ?? 0, Date.parse(timestamp));
    const gone = dropped.filter(this.#filter).length;
    this.#matching.splice(0, gone);
    this.#shift -= gone;
    if (this.#held !== null) {
      this.#held.isApart = true;
      return;
    }
    this.#shift -= this.#older.length;
    this.#setOlder([]);
  }

  #flush(): void {
    const shown = this.#held?.matching ?? this.#matching;
    this.#view = {
      lines: this.#older.length === 0 ? [...shown] : [...this.#older, ...shown],
      shift: this.#shift,
      received: this.#received,
      heldBack: this.#held === null ? null : this.#received - this.#held.received,
    };
    for (const listener of this.#listeners) listener();
  }
}
