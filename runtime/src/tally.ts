/**
 * Metrics for hot paths. What prom-client does with every value, such as checking labels and hashing them, costs more
 * than what is measured; a *tally* only adds up, and is read when somebody asks for it.
 */
import { Counter, Histogram, type Registry } from 'prom-client';
import { METRIC_PREFIX } from './metrics.js';

export interface Tally {
  /** Counts one value, in the unit of the metric's name. */
  observe(value: number): void;
}

export interface TalliesOptions<L extends string> {
  /** Upper bounds, rising. */
  buckets: readonly number[];
  label: string;
  /** One tally for each. */
  values: readonly L[];
}

/** Adds to a counter. */
export function tallyCounter(registry: Registry, name: string, help: string): (by: number) => void {
  let pending = 0;
  new Counter({
    name: METRIC_PREFIX + name,
    help,
    registers: [registry],
    collect() {
      this.inc(pending);
      pending = 0;
    },
  });
  return (by) => {
    pending += by;
  };
}

/** A histogram whose label has these values only. */
export function tallyHistogram<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  { buckets, label, values }: TalliesOptions<L>,
): Record<L, Tally> {
  const tallies = values.map((value) => [value, new BucketTally(buckets)] as const);
  registry.registerMetric(new TalliedHistogram(METRIC_PREFIX + name, help, label, tallies));
  const byValue = {} as Record<L, Tally>;
  for (const [value, tally] of tallies) byValue[value] = tally;
  return byValue;
}

class BucketTally implements Tally {
  readonly buckets: readonly number[];
  /** Values up to each bound and above the one before; the last are above all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(buckets: readonly number[]) {
    this.buckets = buckets;
    this.counts = new Float64Array(buckets.length + 1);
  }

  observe(value: number): void {
    const { buckets, counts } = this;
    let index = 0;
    while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1;
    counts[index] = (counts[index] ?? 0) + 1;
    this.sum += value;
  }
}

/** What a registry reads of a histogram comes from the tallies: this is how it asks, for text and for JSON. */
class TalliedHistogram extends Histogram {
  readonly #described: { name: string; help: string; type: 'histogram'; aggregator: 'sum' };
  readonly #label: string;
  readonly #tallies: readonly (readonly [string, BucketTally])[];

  constructor(
    name: string,
    help: string,
    label: string,
    tallies: readonly (readonly [string, BucketTally])[],
  ) {
    super({ name, help, labelNames: [label], registers: [] });
    this.#described = { name, help, type: 'histogram', aggregator: 'sum' };
    this.#label = label;
    this.#tallies = tallies;
  }

  async getForPromString() {
    return { ...this.#described, values: this.#tallies.flatMap((each) => this.#valuesOf(...each)) };
  }

  #valuesOf(value: string, { buckets, counts, sum }: BucketTally) {
    const { name } = this.#described;
    const sharedLabels = { [this.#label]: value };
    let count = 0;
    const bounds = [...buckets, '+Inf'].map((le, index) => {
      count += counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count };
    });
    return [
      ...bounds,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
