/** `describe` for what needs uWebSockets.js; where it is missing the tests are skipped, and the title says why. */
import { describe } from 'vitest';
import { loadUws, type UwsModule } from '../uws-module.js';

export function describeUws(title: string, body: (uws: UwsModule) => void): void {
  const loaded = loadUws();
  const missing = 'missing' in loaded;
  const named = missing ? `${title} [skipped: ${loaded.missing}]` : title;
  describe.skipIf(missing)(named, () => body(missing ? ({} as UwsModule) : loaded.module));
}
