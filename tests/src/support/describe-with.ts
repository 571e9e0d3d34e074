import { describe, inject } from 'vitest';
import type { Requirement } from './requirements.js';

/**
 * `describe` for tests that need something of the machine. Where it is missing they are skipped, and the title
 * says why.
 */
export function describeWith(
  needs: Requirement | readonly Requirement[],
  title: string,
  body: () => void,
): void {
  const requirements = inject('requirements');
  const reasons = [needs].flat().flatMap((need) => {
    const state = requirements[need];
    return 'missing' in state ? [state.missing] : [];
  });
  if (reasons.length === 0) describe(title, body);
  else describe.skip(`${title} [skipped: ${reasons.join('; ')}]`, body);
}
