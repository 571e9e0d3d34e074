/** Whether two inputs can be told apart by the time that something takes: ranks, so that no absolute time matters. */

const SAMPLES = 2000;
const CALLS_PER_SAMPLE = 20;

/**
 * The chance that a sample with `first` took longer than one with `second`: 0.5 when time tells nothing, near 0 or 1
 * when it tells all. Samples of both alternate in a random order, so that whatever else the machine does hits both alike.
 */
export function timeTells(task: (input: string) => unknown, first: string, second: string): number {
  const tookNs: [number[], number[]] = [[], []];
  for (let pair = -SAMPLES / 4; pair < SAMPLES; pair += 1)
    for (const which of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
      const input = which === 0 ? first : second;
      const beganNs = process.hrtime.bigint();
      for (let call = 0; call < CALLS_PER_SAMPLE; call += 1) task(input);
      // What comes before the first pair warms up.
      if (pair >= 0) tookNs[which].push(Number(process.hrtime.bigint() - beganNs));
    }
  return chanceOfMore(...tookNs);
}

/** Mann and Whitney's U as a share; ties count half. */
export function chanceOfMore(first: readonly number[], second: readonly number[]): number {
  const all = [...first.map((value) => ({ value, own: 1 })), ...second.map((value) => ({ value, own: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    for (const { own } of all.slice(from, to)) rankSum += own * ((from + 1 + to) / 2);
    from = to;
  }
  const count = first.length;
  return (rankSum - (count * (count + 1)) / 2) / (count * second.length);
}
