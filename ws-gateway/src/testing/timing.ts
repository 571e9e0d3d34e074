/** Whether two inputs can be told apart by the time that something takes: ranks, so that no absolute time matters. */

const SAMPLES = 2000;
const CALLS_PER_SAMPLE = 20;
/** Of each input. */
const COPIES = 64;

/**
 * The chance that a sample with `first` took longer than one with `second`: 0.5 when time tells nothing, near 0 or 1
 * when it tells all. Samples of both alternate in a random order, so that whatever else the machine does hits both alike.
 * Each takes one of many copies at random: where a text lies in memory decides how quickly its 4 kB are copied to be
 * hashed, so that one copy of each is told from the other (0.43 to 0.57, the same all through a process, also of two
 * equal texts; one and the same copy on both sides: 0.50). That is a property of the test's two objects, not of keys:
 * every request brings a copy of its own.
 */
export function timeTells(task: (input: string) => unknown, first: string, second: string): number {
  const tookNs: [number[], number[]] = [[], []];
  const copies = copiesOf([first, second]);
  for (let pair = -SAMPLES / 4; pair < SAMPLES; pair += 1)
    for (const which of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
      const input = copies[which][Math.floor(Math.random() * COPIES)] ?? '';
      const beganNs = process.hrtime.bigint();
      for (let call = 0; call < CALLS_PER_SAMPLE; call += 1) task(input);
      // What comes before the first pair warms up.
      if (pair >= 0) tookNs[which].push(Number(process.hrtime.bigint() - beganNs));
    }
  return chanceOfMore(...tookNs);
}

/** Made in turn, so that neither has the better places. */
function copiesOf(inputs: readonly [string, string]): [string[], string[]] {
  const copies: [string[], string[]] = [[], []];
  for (let index = 0; index < COPIES; index += 1)
    for (const which of [0, 1] as const) copies[which].push(Buffer.from(inputs[which]).toString('latin1'));
  return copies;
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
