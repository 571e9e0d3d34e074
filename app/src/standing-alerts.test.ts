import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus, type MemoryBus, silentLogger } from '@pulsewire/runtime';
import { type Alert, CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepAlerts } from './standing-alerts.js';

const { metrics } = CHANNELS;
const TIME = '2026-01-17T00:00:00Z';

function alert(id: string, state: 'firing' | 'resolved'): Alert {
  const rule = { rule: 'cpu>90', severity: 'warning', metric_type: 'cpu', source: 'host' } as const;
  const values = { value: 95, threshold: 90, message: 'cpu above 90', host: 'h' };
  return { type: 'alert', data: { alert_id: id, state, ...rule, ...values, time: TIME, started_at: TIME } };
}

describe('alerts over a restart', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsewire-alerts-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(work: (bus: MemoryBus) => void): Promise<void> {
    const bus = createMemoryBus();
    const kept = await keepAlerts(bus, folder, silentLogger);
    work(bus);
    await kept.stop();
  }

  async function publishedAtStart(): Promise<string[]> {
    const bus = createMemoryBus();
    const kept = await keepAlerts(bus, folder, silentLogger);
    const { entries } = await bus.readLog(metrics, { after: null, limit: 100 });
    await kept.stop();
    return entries.map(({ bytes }) => (JSON.parse(bytes.toString()) as Alert).data.alert_id);
  }

  it('AP-17: of two that fired and one that ended, the other is in the log of the next run', async () => {
    await run((bus) => {
      for (const [id, state] of [
        ['a', 'firing'],
        ['b', 'firing'],
        ['a', 'resolved'],
      ] as const)
        bus.publish(metrics, alert(id, state));
    });
    expect(await publishedAtStart()).toEqual(['b']);
    expect((await stat(join(folder, 'firing-alerts.json'))).mode & 0o777).toBe(0o600);
  });

  it('AP-17: ended in a later run, in no log any more', async () => {
    await run((bus) => bus.publish(metrics, alert('a', 'firing')));
    await run((bus) => bus.publish(metrics, alert('a', 'resolved')));
    expect(await publishedAtStart()).toEqual([]);
    expect(await readFile(join(folder, 'firing-alerts.json'), 'utf8')).toBe('[]');
  });

  it.each(['{"half', '[1, null, {"type":"alert"}]', '{}'])(
    'AP-17: a file that holds %s, nothing is published and the start goes on',
    async (text) => {
      await writeFile(join(folder, 'firing-alerts.json'), text);
      expect(await publishedAtStart()).toEqual([]);
    },
  );
});
