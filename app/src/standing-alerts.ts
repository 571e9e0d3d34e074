/**
 * Alerts that fire, kept over a restart. Whoever fires alerts finds in the log of the bus what an earlier run left
 * firing, and goes on with it or ends it; a log that ends with the process would leave them firing for ever. So they
 * are kept in a small file, and published again before anybody looks.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus, Logger, Stoppable } from '@pulsewire/runtime';
import { type Alert, CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';

const FILE = 'firing-alerts.json';
/** How the bus writes an alert. */
const ALERT_START = Buffer.from('{"type":"alert"');

/** Publishes what the file has, and keeps it up to date from then on. A file that cannot be used is a line in the log. */
export async function keepAlerts(bus: Bus, dataDir: string, logger: Logger): Promise<Stoppable> {
  const path = join(dataDir, FILE);
  const firing = new Map<string, Alert>();
  let saving: Promise<void> = Promise.resolve();
  let complained = false;

  function note(bytes: Buffer): void {
    const alert = readAlert(bytes);
    if (alert === null) return;
    const { alert_id: id, state } = alert.data;
    if (state === 'firing') firing.set(id, alert);
    else if (!firing.delete(id)) return;
    saving = saving.then(save);
  }

  async function save(): Promise<void> {
    try {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.next`, JSON.stringify([...firing.values()]), { mode: 0o600 });
      await rename(`${path}.next`, path);
      complained = false;
    } catch (error) {
      if (!complained) logger.warn({ err: error }, 'alerts that fire cannot be kept over a restart');
      complained = true;
    }
  }

  const earlier = await readAlerts(path);
  const subscription = bus.subscribe({ channels: [CHANNELS.metrics], onMessage: ({ bytes }) => note(bytes) });
  await subscription.ready;
  for (const alert of earlier) bus.publish(CHANNELS.metrics, alert);
  return {
    async stop() {
      await subscription.stop();
      await saving;
    },
  };
}

function readAlert(bytes: Buffer): Alert | null {
  if (!bytes.subarray(0, ALERT_START.length).equals(ALERT_START)) return null;
  const result = parseBusMessage(bytes);
  return result.ok && result.message.type === 'alert' ? result.message : null;
}

/** Whatever is no alert that fires is left out. */
async function readAlerts(path: string): Promise<Alert[]> {
  try {
    const stored: unknown = JSON.parse(await readFile(path, 'utf8'));
    const list = Array.isArray(stored) ? stored : [];
    const alerts = list.map((each) => readAlert(Buffer.from(JSON.stringify(each))));
    return alerts.filter((alert) => alert?.data.state === 'firing') as Alert[];
  } catch {
    return [];
  }
}
