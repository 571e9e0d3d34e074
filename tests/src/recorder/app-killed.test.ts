/** The embedded start, killed with its database beside it. Rules: recorder/SPEC.md. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@pulsewire/runtime';
import { CHANNELS, compareLogIds } from '@pulsewire/shared-schema';
import { openDatabase, queryPosition, startPglite } from '@pulsewire/store';
import { afterEach, expect, it } from 'vitest';
import { builtEntry } from '../support/built-entry.js';
import { makeFolder, startProcess } from '../support/process.js';
import { poll } from '../support/within.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

it('RC-24: the embedded process killed, what it said was recorded is there', async () => {
  const dataDir = await makeFolder('killed');
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  const app = await startProcess(process.execPath, [builtEntry('app')], { PORT: '0', DATA_DIR: dataDir });
  stops.push(() => app.stop());
  const [, address = ''] = await app.line(/Pulsewire is live: (\S+)/);
  const { origin } = new URL(address);
  const places = new Set<string>();
  const place = await poll(
    async () => {
      const report = (await (await fetch(`${origin}/readyz`)).json()) as { facts?: Record<string, unknown> };
      const found = String(report.facts?.[`recorded_${CHANNELS.metrics}`]);
      if (/^\d+-\d+$/.test(found)) places.add(found);
      return places.size >= 3 ? found : undefined;
    },
    { what: 'three batches', timeoutMs: 60_000, everyMs: 50 },
  );
  await app.stop('SIGKILL');
  // Its database closes by itself, which this one waits for.
  const pglite = await startPglite({ dataDir: join(dataDir, 'database'), logger: silentLogger });
  stops.push(() => pglite.stop());
  const database = openDatabase({ ...pglite, name: 'test', logger: silentLogger });
  stops.push(() => database.stop());
  const { position } = await queryPosition(database, CHANNELS.metrics);
  expect(compareLogIds(position ?? '0-0', place)).toBeGreaterThanOrEqual(0);
  const [row] = await database.query('select count(*)::integer as n from system_metrics');
  expect(Number(row?.['n'])).toBeGreaterThan(0);
});
