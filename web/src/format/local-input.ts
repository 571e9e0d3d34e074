/** Moments as `<input type="datetime-local">` takes them: the reader's time zone, to the second. */

export function toLocalInput(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `null` for a field that was not filled in. */
export function fromLocalInput(text: string): number | null {
  const timeMs = new Date(text).getTime();
  return text === '' || Number.isNaN(timeMs) ? null : timeMs;
}
