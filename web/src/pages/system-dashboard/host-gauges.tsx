import { memo } from 'react';
import {
  formatByteRate,
  formatCelsius,
  formatLoad,
  formatPercent,
  joined,
  type Quantity,
} from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import { deriveLevel, loadThresholds, THRESHOLDS, type Thresholds } from '../../live/scales.js';
import type { GaugeView, HostGauge, HostView } from '../../live/views.js';
import { Meter } from '../../ui/meter.js';
import { AsOf, Figure, LevelMark } from './gauge-parts.js';

interface HostGaugesProps {
  gauges: HostView['gauges'];
  coreCount: number;
}

/** Swap and temperature have a tile only on hosts that have them. */
export const HostGauges = memo(function HostGauges({ gauges, coreCount }: HostGaugesProps) {
  const { text, duration } = useSpeech();
  const { load1, load5, load15, uptime, temperature } = gauges;
  const loads = [load5, load15].map((load) => (load.value === null ? '–' : joined(formatLoad(load.value))));
  return (
    <ul className="tiles">
      <SingleTile
        id="cpu"
        label={text.gauge.cpu}
        gauge={gauges.cpu}
        format={formatPercent}
        limits={THRESHOLDS.cpu}
        meter
      />
      <SingleTile
        id="mem"
        label={text.gauge.mem}
        gauge={gauges.mem}
        format={formatPercent}
        limits={THRESHOLDS.mem}
        meter
      />
      {gauges.swap.value !== null && (
        <SingleTile
          id="swap"
          label={text.gauge.swap}
          gauge={gauges.swap}
          format={formatPercent}
          limits={THRESHOLDS.swap}
          meter
        />
      )}
      <SingleTile
        id="disk"
        label={text.gauge.disk}
        gauge={gauges.disk}
        format={formatPercent}
        limits={THRESHOLDS.disk}
        meter
      />
      <SingleTile
        id="load"
        label={text.gauge.load}
        gauge={load1}
        format={formatLoad}
        limits={loadThresholds(coreCount)}
        note={loads.join(' · ')}
        explain={text.gauge.loadExplain}
      />
      <PairTile
        label={text.gauge.network}
        first={{ id: 'net_rx', sign: '↓', label: text.gauge.receive, gauge: gauges.net_rx }}
        second={{ id: 'net_tx', sign: '↑', label: text.gauge.transmit, gauge: gauges.net_tx }}
      />
      <PairTile
        label={text.gauge.diskIo}
        first={{ id: 'disk_read', sign: 'R', label: text.gauge.read, gauge: gauges.disk_read }}
        second={{ id: 'disk_write', sign: 'W', label: text.gauge.write, gauge: gauges.disk_write }}
      />
      {temperature.value !== null && (
        <SingleTile
          id="temperature"
          label={text.gauge.temperature}
          gauge={temperature}
          format={formatCelsius}
          limits={THRESHOLDS.temperature}
        />
      )}
      <SingleTile
        id="uptime"
        label={text.gauge.uptime}
        gauge={uptime}
        format={(seconds) => ({ text: duration(seconds * 1000), unit: '' })}
      />
    </ul>
  );
});

interface SingleTileProps {
  id: string;
  label: string;
  gauge: GaugeView;
  format: (value: number) => Quantity;
  limits?: Thresholds | undefined;
  meter?: boolean;
  note?: string;
  explain?: string;
}

function SingleTile({ id, label, gauge, format, limits, meter = false, note, explain }: SingleTileProps) {
  const level = gauge.value === null ? 'ok' : deriveLevel(gauge.value, limits);
  return (
    <li
      className={`tile level-${level}`}
      data-testid={`gauge-${id}`}
      data-value={gauge.value ?? ''}
      data-freshness={gauge.freshness}
      title={explain}
    >
      <div className="tile-head">
        <span className="tile-label">{label}</span>
        <LevelMark level={level} freshness={gauge.freshness} />
      </div>
      <Figure gauge={gauge} format={format} />
      {meter && <Meter value={gauge.value} level={level} />}
      <AsOf gauge={gauge} otherwise={note} />
    </li>
  );
}

interface Half {
  id: HostGauge;
  sign: string;
  label: string;
  gauge: GaugeView;
}

function PairTile({ label, first, second }: { label: string; first: Half; second: Half }) {
  return (
    <li className="tile pair" data-freshness={first.gauge.freshness}>
      <div className="tile-head">
        <span className="tile-label">{label}</span>
        <LevelMark level="ok" freshness={first.gauge.freshness} />
      </div>
      {[first, second].map(({ id, sign, label: half, gauge }) => (
        <div
          className="half"
          key={id}
          data-testid={`gauge-${id}`}
          data-value={gauge.value ?? ''}
          data-freshness={gauge.freshness}
        >
          <span className="half-sign" aria-hidden="true">
            {sign}
          </span>
          <span className="visually-hidden">{half}</span>
          <Figure gauge={gauge} format={formatByteRate} />
        </div>
      ))}
      <AsOf gauge={first.gauge} />
    </li>
  );
}
