/** Samples of chosen series as they come in over the feed, bounded, for the right edge of a chart. */
import type { BusMessage } from '@pulsewire/shared-schema';
import type { SeriesEntry } from '@pulsewire/shared-schema/rest';
import type { Tail } from './join-live.js';

/** Twenty minutes at the shortest interval. */
const SAMPLES_KEPT = 5000;

type Identity = Pick<SeriesEntry, 'metric_type' | 'source' | 'host' | 'container' | 'mount' | 'core'>;

export class LiveTail {
  readonly #samples = new Map<string, [timeMs: number, value: number][]>();
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** Keeps these series, and from now on only these; what is already there of them stays. */
  follow(series: readonly Identity[], nowMs: number): void {
    const wanted = new Set(series.map(identityKey));
    for (const key of this.#samples.keys()) if (!wanted.has(key)) this.#samples.delete(key);
    const before = this.#samples.size;
    for (const key of wanted) if (!this.#samples.has(key)) this.#samples.set(key, []);
    if (this.#samples.size > before) this.#sinceMs = nowMs;
  }

  receive(message: BusMessage): void {
    if (message.type !== 'system_metric') return;
    const { metric_type, source, meta, time, value } = message.data;
    const samples = this.#samples.get(
      identityKey({
        metric_type,
        source,
        host: meta.host ?? null,
        container: meta.container ?? null,
        mount: meta.mount ?? null,
        core: meta.core ?? null,
      }),
    );
    const timeMs = Date.parse(time);
    if (samples === undefined || (meta.stale_s ?? 0) > 0) return;
    if (!(timeMs > (samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY))) return;
    samples.push([timeMs, value]);
    if (samples.length > SAMPLES_KEPT) samples.shift();
  }

  /** What was missed while there was no connection is history's to tell. */
  interrupt(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  of(series: Identity): Tail {
    return { samples: this.#samples.get(identityKey(series)) ?? [], sinceMs: this.#sinceMs };
  }
}

function identityKey({ metric_type, source, host, container, mount, core }: Identity): string {
  return JSON.stringify([metric_type, source, host ?? '', container ?? '', mount ?? '', core]);
}
