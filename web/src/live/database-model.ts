/** The databases that are watched, by host and name: their last status. */
import type { DatabaseStatus } from '@pulsewire/shared-schema';
import { asOfMs, deriveFreshness, type Flow, type Sighting } from './freshness.js';
import { share, shareList } from './sharing.js';
import type { DatabaseView } from './views.js';

type Status = DatabaseStatus['data'];

/** Every database is told about every 10 s (contracts.md §1). */
const STATUS_INTERVAL_MS = 10_000;
/** Nobody speaks of it any more: it is not watched any more. */
const FORGET_MS = 24 * 3_600_000;

interface Entry {
  readonly status: Status;
  readonly timeMs: number;
  readonly seenAtMs: number;
  /** Named in the snapshot that is being received. */
  confirmed: boolean;
}

export class DatabaseModel {
  readonly #entries = new Map<string, Entry>();
  #views = new Map<string, DatabaseView>();
  #list: readonly DatabaseView[] | undefined;

  /** An older status does not replace a newer one. */
  apply(status: Status, seenAtMs: number): void {
    const key = keyOf(status);
    const timeMs = Date.parse(status.time);
    if (!(timeMs >= (this.#entries.get(key)?.timeMs ?? Number.NEGATIVE_INFINITY))) return;
    this.#entries.set(key, { status, timeMs, seenAtMs, confirmed: true });
  }

  /** Between these two calls every database that is watched is named; what is not named is watched no more. */
  beginCensus(): void {
    for (const entry of this.#entries.values()) entry.confirmed = false;
  }

  endCensus(): void {
    for (const [key, entry] of this.#entries) if (!entry.confirmed) this.#entries.delete(key);
  }

  forget(nowMs: number): void {
    for (const [key, entry] of this.#entries)
      if (nowMs - entry.seenAtMs > FORGET_MS) this.#entries.delete(key);
  }

  /** In order of host and name. */
  view(flow: Flow, nowMs: number): readonly DatabaseView[] {
    const views = new Map<string, DatabaseView>();
    for (const key of [...this.#entries.keys()].sort()) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) views.set(key, share(this.#views.get(key), viewOf(key, entry, flow, nowMs)));
    }
    this.#views = views;
    this.#list = shareList(this.#list, [...views.values()]);
    return this.#list;
  }
}

function keyOf({ host, name }: Status): string {
  return `${host ?? ''}\u0000${name}`;
}

function viewOf(key: string, { status, seenAtMs }: Entry, flow: Flow, nowMs: number): DatabaseView {
  const sighting: Sighting = { seenAtMs, intervalMs: STATUS_INTERVAL_MS, admittedStaleMs: 0 };
  const freshness = deriveFreshness(sighting, flow, nowMs);
  return { key, status, freshness, asOfMs: freshness === 'live' ? null : asOfMs(sighting) };
}
