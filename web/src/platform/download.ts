/** Hands a file over to the browser's downloads. */
import { pageClock } from './clock.js';

/** The address must outlive the click: some browsers read it only when their dialogue is answered. */
const KEPT_MS = 60_000;

export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  pageClock.after(KEPT_MS, () => URL.revokeObjectURL(address));
}
