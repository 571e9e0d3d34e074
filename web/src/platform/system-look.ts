/** Whether the system is set to dark or light, and when that changes. */
import type { Look } from '../settings/settings.js';

const query = () => window.matchMedia('(prefers-color-scheme: dark)');

export function readSystemLook(): Look {
  return query().matches ? 'dark' : 'light';
}

/** Returns the function that ends it. */
export function watchSystemLook(listener: (look: Look) => void): () => void {
  const dark = query();
  const onChange = () => listener(dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', onChange);
  return () => dark.removeEventListener('change', onChange);
}
