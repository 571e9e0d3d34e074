/** The version of this package, as `hello` tells it. */
import { readFileSync } from 'node:fs';

/** Reads `package.json`, which lies one folder above both `src` and `dist`. */
export function gatewayVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
