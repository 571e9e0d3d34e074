/** Milliseconds of the machine's monotonic clock, with fractions: the same in every process, and never set. */

const TRIES = 200;
const baseMs = deriveBaseMs();

export function sharedNowMs(): number {
  return baseMs + performance.now();
}

/** The two clocks cannot be read at one moment; the try in which least time passed between them is the largest. */
function deriveBaseMs(): number {
  const tries = Array.from({ length: TRIES }, () => {
    const hrtimeMs = Number(process.hrtime.bigint()) / 1e6;
    return hrtimeMs - performance.now();
  });
  return Math.max(...tries);
}
