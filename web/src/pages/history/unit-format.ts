/** How values of a unit are written, and where their scale ends. */
import {
  formatByteRate,
  formatBytes,
  formatCelsius,
  formatLoad,
  formatPercent,
  joined,
  type Quantity,
} from '../../format/quantity.js';
import { roundUp, roundUpBytes } from '../../live/scales.js';

export interface UnitFormat {
  readonly format: (value: number) => Quantity;
  readonly top: (largest: number) => number;
}

const FORMATS: Readonly<Record<string, UnitFormat>> = {
  percent: { format: formatPercent, top: (largest) => roundUp(largest, 100) },
  load: { format: formatLoad, top: (largest) => roundUp(largest, 1) },
  'bytes/s': { format: formatByteRate, top: (largest) => roundUpBytes(largest, 1024) },
  bytes: { format: formatBytes, top: (largest) => roundUpBytes(largest, 1024) },
  celsius: { format: formatCelsius, top: (largest) => roundUp(largest, 100) },
};
const SIGNIFICANT = 4;

/** A unit of somebody else's is written behind the number as it is. */
export function unitFormat(unit: string | null): UnitFormat {
  const known = FORMATS[unit ?? ''];
  if (known !== undefined) return known;
  return {
    format: (value) => ({ text: String(Number(value.toPrecision(SIGNIFICANT))), unit: unit ?? '' }),
    top: (largest) => roundUp(largest, 1),
  };
}

export function writeValue(unit: string | null, value: number | null): string {
  return value === null ? '–' : joined(unitFormat(unit).format(value));
}
