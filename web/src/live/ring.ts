/** History of one series, oldest first, in typed arrays. A `NaN` value is a break in the line. */
const INITIAL_CAPACITY = 512;

export class Ring {
  #times = new Float64Array(INITIAL_CAPACITY);
  #values = new Float64Array(INITIAL_CAPACITY);
  #start = 0;
  #length = 0;

  /** Keeps at most `maxPoints` points, and none older than `windowMs` before the newest. */
  constructor(
    readonly windowMs: number,
    readonly maxPoints: number,
  ) {}

  get length(): number {
    return this.#length;
  }

  /** Time of the newest point in epoch milliseconds; -Infinity when there is none. */
  get lastTimeMs(): number {
    return this.#length === 0 ? Number.NEGATIVE_INFINITY : this.timeAt(this.#length - 1);
  }

  timeAt(index: number): number {
    return this.#times[this.#slot(index)] ?? Number.NaN;
  }

  valueAt(index: number): number {
    return this.#values[this.#slot(index)] ?? Number.NaN;
  }

  /** Appends a point. One that is not newer than the last point is ignored: time only moves on. */
  push(timeMs: number, value: number): boolean {
    if (!(timeMs > this.lastTimeMs)) return false;
    this.#dropBefore(timeMs - this.windowMs);
    if (this.#length === this.maxPoints) this.#dropOldest();
    if (this.#length === this.#times.length) this.#grow();
    const slot = this.#slot(this.#length);
    this.#times[slot] = timeMs;
    this.#values[slot] = value;
    this.#length++;
    return true;
  }

  /** Index of the first point at or after `timeMs`; `length` when there is none. */
  indexAtOrAfter(timeMs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #slot(index: number): number {
    const slot = this.#start + index;
    return slot < this.#times.length ? slot : slot - this.#times.length;
  }

  #dropBefore(timeMs: number): void {
    while (this.#length > 0 && this.timeAt(0) < timeMs) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#start = this.#slot(1);
    this.#length--;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const values = new Float64Array(times.length);
    for (let index = 0; index < this.#length; index++) {
      times[index] = this.timeAt(index);
      values[index] = this.valueAt(index);
    }
    this.#times = times;
    this.#values = values;
    this.#start = 0;
  }
}
