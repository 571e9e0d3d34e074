/** Numbers with their units, rounded only here. `text` and `unit` are separate so that a gauge can set the unit small. */
export interface Quantity {
  readonly text: string;
  readonly unit: string;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 0.0–100.0 → one decimal below 10 and between, none from 100 on: `9.4`, `45.2`, `100`. */
export function formatPercent(percent: number): Quantity {
  return { text: percent.toFixed(percent >= 99.95 ? 0 : 1), unit: '%' };
}

/** Bytes with a binary unit and three significant digits. */
export function formatBytes(bytes: number): Quantity {
  let scaled = Math.max(0, bytes);
  let power = 0;
  while (scaled >= 999.5 && power < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    power++;
  }
  return { text: threeDigits(scaled, power === 0), unit: BYTE_UNITS[power] ?? 'B' };
}

export function formatByteRate(bytesPerSecond: number): Quantity {
  const { text, unit } = formatBytes(bytesPerSecond);
  return { text, unit: `${unit}/s` };
}

export function formatLoad(load: number): Quantity {
  return { text: load.toFixed(load >= 100 ? 0 : 2), unit: '' };
}

export function formatCelsius(celsius: number): Quantity {
  return { text: celsius.toFixed(0), unit: '°C' };
}

/** A latency: `0.8 ms`, `12 ms`, `1.4 s`. */
export function formatMilliseconds(ms: number): Quantity {
  const shown = Math.max(0, ms);
  if (shown >= 999.5) return { text: (shown / 1000).toFixed(1), unit: 's' };
  return { text: shown.toFixed(shown < 9.95 ? 1 : 0), unit: 'ms' };
}

/** Both parts as one text, with a no-break space between them. */
export function joined({ text, unit }: Quantity): string {
  if (unit === '') return text;
  return unit === '%' ? `${text}%` : `${text}\u00a0${unit}`;
}

function threeDigits(value: number, whole: boolean): string {
  if (whole || value >= 99.95) return value.toFixed(0);
  return value.toFixed(value >= 9.995 ? 1 : 2);
}
