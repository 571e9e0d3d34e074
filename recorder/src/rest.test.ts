import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createRest } from './rest.js';

describe('rest', () => {
  it('RC-22: stopped in the middle of a sleep, awake at once', async () => {
    const rest = createRest(createManualClock());
    const sleeping = rest.sleep(60_000);
    rest.stop();
    await sleeping;
    expect(rest.over).toBe(true);
    await expect(rest.sleep(60_000)).resolves.toBeUndefined();
  });
});
