import { describe, expect, it } from 'vitest';
import {
  chooseSensors,
  createTemperatureCollector,
  parseTemperature,
  type SensorFiles,
} from './temperature.js';

/** A tree of files by path. */
function createFakeFiles(files: Record<string, string>): SensorFiles & { reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    async readdir(path) {
      const names = Object.keys(files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1).split('/')[0] ?? '');
      if (names.length === 0) throw new Error('ENOENT');
      return [...new Set(names)];
    },
    async readFile(path) {
      reads.push(path);
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
  };
}

describe('temperature', () => {
  it('SE-10: CPU sensors are preferred, and the hottest of them is sent', async () => {
    const files = createFakeFiles({
      '/sys/class/hwmon/hwmon0/name': 'nvme\n',
      '/sys/class/hwmon/hwmon0/temp1_input': '90000\n',
      '/sys/class/hwmon/hwmon1/name': 'coretemp\n',
      '/sys/class/hwmon/hwmon1/temp1_input': '51000\n',
      '/sys/class/hwmon/hwmon1/temp2_input': '55500\n',
    });
    const samples = await createTemperatureCollector(files).collect(0);
    expect(samples).toEqual([{ source: 'host', metricType: 'temperature', value: 55.5 }]);
  });

  it('SE-10: thermal zones where there is no hwmon', async () => {
    const files = createFakeFiles({
      '/sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
      '/sys/class/thermal/thermal_zone0/temp': '42000\n',
      '/sys/class/thermal/cooling_device0/type': 'fan\n',
    });
    expect((await createTemperatureCollector(files).collect(0))[0]?.value).toBe(42);
  });

  it('SE-10: no sensor, no sample, and they are looked for once a minute only', async () => {
    const files = createFakeFiles({});
    let looks = 0;
    const counting = {
      ...files,
      readdir: (path: string) => {
        looks += 1;
        return files.readdir(path);
      },
    };
    const collector = createTemperatureCollector(counting);
    for (const atMs of [0, 1000, 59_000]) expect(await collector.collect(atMs)).toEqual([]);
    const looksBefore = looks;
    await collector.collect(60_000);
    expect([looksBefore, looks]).toEqual([2, 4]);
  });

  it('SE-10: without a CPU sensor, any sensor', () => {
    const sensors = [{ kind: 'acpitz', path: '/a' }];
    expect(chooseSensors(sensors)).toEqual(sensors);
  });

  it.each(['', 'N/A', '999999999', '-60000', '200000'])('SE-10: %j is no temperature', (text) => {
    expect(parseTemperature(text)).toBeNull();
  });
});
