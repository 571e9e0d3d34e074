import { createManualClock, silentLogger } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createAvailability } from './availability.js';

describe('availability', () => {
  it('ST-1, ST-2: from connecting to up, down and up again, the first cause stays', async () => {
    const clock = createManualClock();
    const availability = createAvailability({ clock, logger: silentLogger });
    const told: string[] = [];
    availability.onState(({ status, cause }) => told.push(`${status} ${cause}`));
    expect(availability.state).toMatchObject({ status: 'down', cause: 'connecting' });
    availability.lost('unreachable');
    availability.answered();
    await availability.ready;
    availability.lost('silent');
    availability.lost('unreachable');
    availability.answered();
    availability.answered();
    expect(told).toEqual(['down unreachable', 'up null', 'down silent', 'up null']);
  });

  it('ST-7: the same listener twice, one ended, and one that throws, the other is told', () => {
    const availability = createAvailability({ clock: createManualClock(), logger: silentLogger });
    let told = 0;
    const listener = () => {
      told += 1;
    };
    availability.onState(() => {
      throw new Error('broken');
    });
    const end = availability.onState(listener);
    availability.onState(listener);
    end();
    availability.answered();
    expect(told).toBe(1);
  });
});
