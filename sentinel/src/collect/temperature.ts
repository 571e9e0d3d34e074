/**
 * The hottest CPU sensor, from /sys/class/hwmon or else /sys/class/thermal. Machines without sensors (most
 * virtual ones) have no `temperature` sample. Reads are asynchronous: some drivers ask slow hardware.
 */
import { hostSample } from '../sample.js';
import type { Collector } from './collector.js';

/** The part of `fs.promises` that is used. */
export interface SensorFiles {
  readdir(path: string): Promise<string[]>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
}

export interface Sensor {
  /** Driver (`coretemp`) or thermal zone type (`x86_pkg_temp`). */
  kind: string;
  path: string;
}

const HWMON = '/sys/class/hwmon';
const THERMAL = '/sys/class/thermal';
/** Best first. A sensor of no known kind is used only when there is none of these. */
const CPU_KINDS = [
  /^(?:coretemp|k10temp|k8temp|zenpower|cpu_?thermal|scpi_sensors)$/,
  /^(?:x86_pkg_temp|cpu|soc)/i,
];
/** Without sensors, they are looked for again this often: hardware appears with its driver. */
const LOOK_AGAIN_MS = 60_000;

/** Millidegrees → °C; `null` for anything else and for what no sensor of a running machine can mean. */
export function parseTemperature(text: string): number | null {
  const match = /^\s*(-?\d{1,7})\s*$/.exec(text);
  const celsius = match === null ? Number.NaN : Number(match[1]) / 1000;
  return celsius > -50 && celsius < 150 ? celsius : null;
}

export function chooseSensors(sensors: readonly Sensor[]): readonly Sensor[] {
  for (const pattern of CPU_KINDS) {
    const matching = sensors.filter(({ kind }) => pattern.test(kind));
    if (matching.length > 0) return matching;
  }
  return sensors;
}

export function createTemperatureCollector(files: SensorFiles): Collector {
  let chosen: readonly Sensor[] = [];
  let lookAtMs = Number.NEGATIVE_INFINITY;
  return {
    name: 'temperature',
    async collect(monotonicMs) {
      if (chosen.length === 0) {
        if (monotonicMs < lookAtMs) return [];
        lookAtMs = monotonicMs + LOOK_AGAIN_MS;
        chosen = chooseSensors(await findSensors(files));
      }
      const texts = await Promise.all(chosen.map(({ path }) => readOrNull(files, path)));
      const values = texts.map((text) => parseTemperature(text ?? '')).filter((value) => value !== null);
      if (values.length === 0) chosen = [];
      return values.length === 0 ? [] : [hostSample('temperature', Math.max(...values))];
    },
  };
}

async function findSensors(files: SensorFiles): Promise<Sensor[]> {
  const chips = await Promise.all(
    (await list(files, HWMON)).map((chip) => chipSensors(files, `${HWMON}/${chip}`)),
  );
  const zones = await Promise.all(
    (await list(files, THERMAL))
      .filter((name) => name.startsWith('thermal_zone'))
      .map(async (name) => ({
        kind: ((await readOrNull(files, `${THERMAL}/${name}/type`)) ?? '').trim(),
        path: `${THERMAL}/${name}/temp`,
      })),
  );
  return [...chips.flat(), ...zones];
}

async function chipSensors(files: SensorFiles, folder: string): Promise<Sensor[]> {
  const kind = ((await readOrNull(files, `${folder}/name`)) ?? '').trim();
  const inputs = (await list(files, folder)).filter((name) => /^temp\d+_input$/.test(name));
  return inputs.map((name) => ({ kind, path: `${folder}/${name}` }));
}

/** A folder that is missing is an empty one: the machine has no such sensors. */
function list(files: SensorFiles, folder: string): Promise<string[]> {
  return files.readdir(folder).catch(() => []);
}

function readOrNull(files: SensorFiles, path: string): Promise<string | null> {
  return files.readFile(path, 'utf8').catch(() => null);
}
