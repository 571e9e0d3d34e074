/** Chunks of bytes → lines, whatever way the chunks were cut. */

/** A line longer than this is no event; it is dropped rather than kept in memory. */
const MAX_LINE_BYTES = 1_048_576;
const LINE_FEED = 0x0a;

/** Returns what takes the chunks. Empty lines are left out. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;

  function take(part: Buffer): void {
    length += part.length;
    if (length <= MAX_LINE_BYTES) parts.push(part);
    else parts = [];
  }

  function finish(): void {
    const line = length <= MAX_LINE_BYTES ? Buffer.concat(parts).toString('utf8').trim() : '';
    parts = [];
    length = 0;
    if (line !== '') onLine(line);
  }

  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, end));
      finish();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  };
}
