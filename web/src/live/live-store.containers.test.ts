import { describe, expect, it } from 'vitest';
import { createStand } from '../testing/fake-stream.test-support.js';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { container, sample } from '../testing/messages.test-support.js';

const names = (stand: ReturnType<typeof createStand>) => stand.settle().containers.map(({ name }) => name);

describe('containers', () => {
  it('WB-43: removed, the row disappears', () => {
    const stand = createStand();
    stand.send(container('a', START_MS));
    stand.send(container('b', START_MS));
    stand.send(container('a', START_MS + 1, { removed: true, status: 'exited' }));
    expect(names(stand)).toEqual(['b']);
  });
  it('WB-43: samples of a removed container arrive late, no row', () => {
    const stand = createStand();
    stand.send(container('a', START_MS, { removed: true }));
    stand.send(sample('cpu', 5, START_MS, { container: 'a' }));
    expect(names(stand)).toEqual([]);
  });
  it('WB-44: renamed, the row has the new name and keeps its values', () => {
    const stand = createStand();
    stand.send(container('a', START_MS, { id: '1' }));
    stand.send(sample('cpu', 5, START_MS, { container: 'a' }));
    stand.send(container('b', START_MS + 1, { id: '1', previous_name: 'a' }));
    expect(stand.settle().containers.map(({ name, cpuPercent }) => [name, cpuPercent])).toEqual([['b', 5]]);
  });
  it('WB-44: a rename that was missed, the same id is not shown twice', () => {
    const stand = createStand();
    stand.send(container('a', START_MS, { id: '1' }));
    stand.send(container('b', START_MS + 1, { id: '1' }));
    expect(names(stand)).toEqual(['b']);
  });
  it('WB-44: an older status after a newer one, ignored', () => {
    const stand = createStand();
    stand.send(container('a', START_MS + 5, { status: 'exited', exit_code: 137 }));
    stand.send(container('a', START_MS));
    expect(stand.settle().containers[0]).toMatchObject({ status: 'exited', exitCode: 137 });
  });
  it('WB-45: a full snapshot of a live gateway does not name it, it has gone', () => {
    const stand = createStand();
    stand.send(container('a', START_MS));
    stand.hello();
    stand.snapshot(container('b', START_MS));
    expect(names(stand)).toEqual(['b']);
  });
  it.each([
    { state: 'degraded' as const },
    { resumed: 'complete' as const },
    { resumed: 'partial' as const },
  ])('WB-45: a snapshot that is not everything (%o), what it leaves out stays', (overrides) => {
    const stand = createStand();
    stand.send(container('a', START_MS));
    stand.hello(overrides);
    stand.snapshot(container('b', START_MS));
    expect(names(stand)).toEqual(['a', 'b']);
  });
  it('WB-45: a full snapshot that was cut off, the next one that resumes removes nothing', () => {
    const stand = createStand();
    stand.send(container('a', START_MS));
    stand.hello();
    stand.stream.say({ type: 'snapshot', data: { phase: 'begin' } });
    stand.hello({ resumed: 'complete' });
    stand.snapshot();
    expect(names(stand)).toEqual(['a']);
  });
  it('WB-46: never heard of any, unknown; the last one removed, none', () => {
    const stand = createStand();
    expect(stand.settle().containersKnown).toBe(false);
    stand.send(container('a', START_MS, { removed: true }));
    const { containersKnown, containers } = stand.settle();
    expect([containersKnown, containers.length]).toEqual([true, 0]);
  });
  it('WB-48: the host is silent, its containers are stale with it', () => {
    const stand = createStand();
    stand.send(container('a', START_MS));
    stand.send(sample('cpu', 1, START_MS));
    stand.clock.advance(20_000);
    expect(stand.settle().containers[0]?.freshness).toBe('stale');
  });
  it('WB-48: not running, no values of its last run', () => {
    const stand = createStand();
    stand.send(sample('cpu', 5, START_MS, { container: 'a' }));
    stand.send(
      container('a', START_MS, { status: 'exited', exit_code: 1, started_at: '2026-01-17T04:00:00Z' }),
    );
    expect(stand.settle().containers[0]).toMatchObject({ cpuPercent: null, startedAtMs: null, exitCode: 1 });
  });
  it('WB-48: not running, its last health says nothing', () => {
    const stand = createStand();
    stand.send(container('a', START_MS, { status: 'exited', exit_code: 1, health: 'healthy' }));
    expect(stand.settle().containers[0]?.health).toBe(null);
  });
});
