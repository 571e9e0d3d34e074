/**
 * The lines that the page has: *older* ones, which the database gave for the filter, and *live* ones, of which all
 * are kept so that another filter finds them. Bounded; what the screen must move by, so that it shows the same lines
 * as before, is counted in `shift`.
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
}

export const LIVE_KEPT = 20_000;
export const OLDER_KEPT = 20_000;
/** Dropping a tenth at a time makes it rare. */
const DROPPED_AT_ONCE = LIVE_KEPT / 10;
const FLUSH_MS = 200;

export class LogModel {
  #filter: (line: LogLine) => boolean;
  #older: readonly LogLine[] = [];
  #live: LogLine[] = [];
  /** Of the live ones, those that pass. */
  #matching: LogLine[] = [];
  #shift = 0;
  #received = 0;
  #view: LogView = { lines: [], shift: 0, received: 0 };
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

  /** A line of the feed. */
  receive(line: LogLine): void {
    this.#live.push(line);
    if (this.#filter(line)) {
      this.#matching.push(line);
      this.#received += 1;
    }
    if (this.#live.length > LIVE_KEPT + DROPPED_AT_ONCE) this.#dropOldest();
    this.#batch.mark();
  }

  /** Lines from before all others, oldest first; those that the feed brought as well are left out. */
  prepend(lines: readonly LogLine[]): void {
    const known = new Set(this.#matching.map(lineKey));
    for (const line of this.#older) known.add(lineKey(line));
    const added = lines.filter((line) => !known.has(lineKey(line)));
    this.#older = [...added, ...this.#older];
    this.#shift += added.length;
    this.#flush();
  }

  /** Lines from after all older ones: how one reads on from a moment of the past. */
  append(lines: readonly LogLine[]): void {
    const known = new Set(this.#older.map(lineKey));
    this.#older = [...this.#older, ...lines.filter((line) => !known.has(lineKey(line)))];
    this.#flush();
  }

  /** True when no more older lines are kept. */
  get isFull(): boolean {
    return this.#older.length >= OLDER_KEPT;
  }

  /** Another filter: what the database gave for the former one goes. */
  setFilter(filter: LogFilter): void {
    this.#filter = createMatcher(filter);
    this.#older = [];
    this.#matching = this.#live.filter(this.#filter);
    this.#received = this.#matching.length;
    this.#shift = 0;
    this.#flush();
  }

  clear(): void {
    this.#older = [];
    this.#live = [];
    this.#matching = [];
    this.#received = 0;
    this.#shift = 0;
    this.#flush();
  }

  stop(): void {
    this.#batch.stop();
  }

  /** Older lines go first, or there would be a hole between them and the live ones. */
  #dropOldest(): void {
    const dropped = this.#live.splice(0, DROPPED_AT_ONCE).filter(this.#filter).length;
    this.#matching.splice(0, dropped);
    this.#shift -= dropped + this.#older.length;
    this.#older = [];
  }

  #flush(): void {
    this.#view = {
      lines: this.#older.length === 0 ? [...this.#matching] : [...this.#older, ...this.#matching],
      shift: this.#shift,
      received: this.#received,
    };
    for (const listener of this.#listeners) listener();
  }
}
