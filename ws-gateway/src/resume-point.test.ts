import { CHANNELS, type Channel, compareLogIds } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import type { LogPage } from './log-reader.js';
import { findResumePoint } from './resume-point.js';

const { metrics, events } = CHANNELS;

/** Logs as the bus keeps them: `reachesBack` only for an id that is in the log, or for the untrimmed beginning. */
function resume(logs: Partial<Record<Channel, string[]>>, after: string, trimmed: Channel[] = []) {
  const readPage = async (channel: Channel, from: string | null, limit: number): Promise<LogPage> => {
    const ids = logs[channel] ?? [];
    const newer = from === null ? ids : ids.filter((id) => compareLogIds(id, from) > 0);
    return {
      entries: newer.slice(0, limit).map((id) => ({ id, bytes: Buffer.from(id) })),
      reachesBack: from === null ? !trimmed.includes(channel) : ids.includes(from),
    };
  };
  return findResumePoint(Object.keys(logs) as Channel[], after, 10, readPage);
}

function idsOf(point: Awaited<ReturnType<typeof resume>>): Record<string, string[]> {
  return Object.fromEntries(
    [...point.starts].map(([channel, { page }]) => [channel, page.entries.map(({ id }) => id)]),
  );
}

describe('a resume point', () => {
  it('GW-46: the home log continues after the id, another from the beginning of its millisecond', async () => {
    const point = await resume({ [metrics]: ['5-0', '5-1', '6-0'], [events]: ['4-0', '5-0', '7-0'] }, '5-1');
    expect([point.complete, idsOf(point)]).toEqual([true, { [metrics]: ['6-0'], [events]: ['5-0', '7-0'] }]);
  });

  it('GW-46: two logs have the id, both continue from the beginning of its millisecond', async () => {
    const point = await resume({ [metrics]: ['4-0', '5-0', '6-0'], [events]: ['5-0', '7-0'] }, '5-0');
    expect([point.complete, idsOf(point)]).toEqual([
      true,
      { [metrics]: ['5-0', '6-0'], [events]: ['5-0', '7-0'] },
    ]);
  });

  it('GW-46: another log is empty, complete', async () => {
    expect((await resume({ [metrics]: ['5-0'], [events]: [] }, '5-0')).complete).toBe(true);
  });

  it('GW-46: another log was trimmed before the id, complete', async () => {
    const point = await resume({ [metrics]: ['5-0'], [events]: ['4-0', '9-0'] }, '5-0', [events]);
    expect(point.complete).toBe(true);
  });

  it('GW-47: another log was trimmed after the id, partial', async () => {
    const point = await resume({ [metrics]: ['5-0'], [events]: ['8-0', '9-0'] }, '5-0', [events]);
    expect(point.complete).toBe(false);
  });

  it('GW-47: no log knows the id, partial with what is after it', async () => {
    const point = await resume({ [metrics]: ['6-0', '7-0'], [events]: ['5-1'] }, '6-5');
    expect([point.complete, idsOf(point)]).toEqual([false, { [metrics]: ['7-0'], [events]: [] }]);
  });
});
