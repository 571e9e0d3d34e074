import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderSample, type Sample } from '../sample.js';
import type { ReadText } from './collector.js';
import { createCpuCollector } from './cpu.js';
import { createDiskIoCollector } from './disk-io.js';
import { createLoadCollector } from './load.js';
import { createMemoryCollector } from './memory.js';
import { parseMounts } from './mounts.js';
import { createNetworkCollector } from './network.js';
import { parseTemperature } from './temperature.js';
import { createUptimeCollector } from './uptime.js';

const REAL = [
  'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 50 0 50 350 50 0 0 0 0 0\nintr 5',
  'MemTotal: 1000 kB\nMemAvailable: 250 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\n',
  '0.50 1.25 2.00 3/456 789\n',
  '  eth0: 531 1 0 0 0 0 0 0 810 1 0 0 0 0 0 0\n',
  ' 8 0 sda 10 0 77 5 20 0 99 5 0 10 10\n',
  '12345.67 99999.99\n',
  '/dev/sda1 / ext4 rw 0 0\nhost:/x /mnt/a\\040b nfs4 rw 0 0\n',
  '45000\n',
];
const TOKENS = [
  'cpu',
  'cpu0',
  ' ',
  '\n',
  ':',
  '-1',
  '0',
  '9'.repeat(30),
  '1e309',
  'NaN',
  'Infinity',
  '\u0000',
  '\\777',
  'kB',
  '한',
];

/** Noise, pieces of the real thing, and the real thing with a hole or a foreign word in it. */
const kernelText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(fc.constantFrom(...TOKENS), fc.nat().map(String)), { maxLength: 60 })
    .map((words) => words.join(' ')),
  fc
    .tuple(
      fc.constantFrom(...REAL),
      fc.nat({ max: 120 }),
      fc.nat({ max: 20 }),
      fc.constantFrom('', ...TOKENS),
    )
    .map(([text, at, gap, word]) => text.slice(0, at) + word + text.slice(at + gap)),
);

const COLLECTORS = {
  cpu: createCpuCollector,
  memory: createMemoryCollector,
  load: createLoadCollector,
  network: createNetworkCollector,
  disk_io: createDiskIoCollector,
  uptime: createUptimeCollector,
} satisfies Record<string, (read: ReadText) => unknown>;

it.each(Object.entries(COLLECTORS))(
  'SE-12: any two texts for %s, only valid messages and no throw',
  (_name, create) => {
    fc.assert(
      fc.property(kernelText, kernelText, fc.nat({ max: 5000 }), (first, second, elapsedMs) => {
        const texts = [first, second];
        const collector = create(() => texts.shift() ?? '');
        const samples = [collector.collect(0), collector.collect(elapsedMs)].flat() as Sample[];
        for (const sample of samples) {
          const text = JSON.stringify(renderSample(sample, 'host', 1_768_624_200_000));
          expect(parseBusMessage(text)).toMatchObject({ ok: true });
          expect(sample.value).toBeGreaterThanOrEqual(0);
          if (['cpu', 'cpu_core', 'mem', 'swap'].includes(sample.metricType))
            expect(sample.value).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 300 },
    );
  },
);

it('SE-12: any text for the list of mounts, only absolute paths that a message can carry', () => {
  fc.assert(
    fc.property(kernelText, (text) => {
      for (const { path } of parseMounts(text)) {
        expect(path.startsWith('/')).toBe(true);
        expect(path.length).toBeLessThanOrEqual(4096);
      }
    }),
  );
});

it('SE-12: any text for a sensor, a possible temperature or none', () => {
  fc.assert(
    fc.property(kernelText, (text) => {
      const celsius = parseTemperature(text);
      expect(celsius === null || (celsius > -50 && celsius < 150)).toBe(true);
    }),
  );
});
