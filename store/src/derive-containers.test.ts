import { describe, expect, it } from 'vitest';
import { deriveContainers } from './derive-containers.js';

const at = (second: number) => `2026-01-17T06:20:0${second}Z`;

describe('deriveContainers', () => {
  it('ST-24: messages older than what is known, no change', () => {
    const { rows } = deriveContainers([], [{ container: 'a', status: 'running', time: at(5) }]);
    const late = deriveContainers(rows, [{ container: 'a', status: 'exited', time: at(4) }]);
    expect(late).toEqual({ rows: [], events: [] });
  });

  it('ST-24: made anew under the same name, an event although the status is the same', () => {
    const message = { container: 'a', status: 'running' as const, host: 'h' };
    const { events } = deriveContainers(
      [],
      [
        { ...message, id: 'one', time: at(1) },
        { ...message, id: 'two', time: at(2) },
      ],
    );
    expect(events).toHaveLength(2);
  });

  it('ST-24: a health that changes, an event, and the status since the same time', () => {
    const message = { container: 'a', status: 'running' as const };
    const { rows, events } = deriveContainers(
      [],
      [
        { ...message, health: 'starting', time: at(1) },
        { ...message, health: 'healthy', time: at(2) },
      ],
    );
    expect(rows).toMatchObject([{ health: 'healthy', status_since: at(1), last_seen: at(2) }]);
    expect(events.map(({ health }) => health)).toEqual(['starting', 'healthy']);
  });

  it('ST-28: renamed, the old name is removed', () => {
    const { rows } = deriveContainers(
      [],
      [
        { container: 'a', status: 'running', time: at(1) },
        { container: 'b', status: 'running', time: at(2), previous_name: 'a' },
      ],
    );
    expect(rows.map(({ name, removed }) => [name, removed])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });
});
