/** The charts of a host: which series, which scale, which words. */
import { formatByteRate, formatLoad, formatPercent, type Quantity } from '../format/quantity.js';
import type { Messages } from '../i18n/en.js';
import { roundUp, roundUpBytes } from '../live/scales.js';
import type { HostGauge } from '../live/views.js';

export type ChartColour = 'a' | 'b' | 'c';

export interface ChartSeries {
  readonly metric: HostGauge;
  readonly label: string;
  readonly colour: ChartColour;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => Quantity;
  /** Top of the scale for the largest value shown. */
  readonly top: (largest: number) => number;
}

export function chartSpecs(text: Messages): readonly ChartSpec[] {
  const { gauge } = text;
  return [
    {
      id: 'cpu',
      title: gauge.cpu,
      series: [{ metric: 'cpu', label: gauge.cpu, colour: 'a' }],
      format: formatPercent,
      top: () => 100,
    },
    {
      id: 'memory',
      title: gauge.mem,
      series: [
        { metric: 'mem', label: gauge.mem, colour: 'a' },
        { metric: 'swap', label: gauge.swap, colour: 'b' },
      ],
      format: formatPercent,
      top: () => 100,
    },
    {
      id: 'network',
      title: gauge.network,
      series: [
        { metric: 'net_rx', label: gauge.receive, colour: 'a' },
        { metric: 'net_tx', label: gauge.transmit, colour: 'b' },
      ],
      format: formatByteRate,
      top: (largest) => roundUpBytes(largest, 1024),
    },
    {
      id: 'load',
      title: gauge.load,
      series: [
        { metric: 'load1', label: text.duration.minutes(1), colour: 'a' },
        { metric: 'load5', label: text.duration.minutes(5), colour: 'b' },
        { metric: 'load15', label: text.duration.minutes(15), colour: 'c' },
      ],
      format: formatLoad,
      top: (largest) => roundUp(largest, 1),
    },
    {
      id: 'disk-io',
      title: gauge.diskIo,
      series: [
        { metric: 'disk_read', label: gauge.read, colour: 'a' },
        { metric: 'disk_write', label: gauge.write, colour: 'b' },
      ],
      format: formatByteRate,
      top: (largest) => roundUpBytes(largest, 1024),
    },
  ];
}
