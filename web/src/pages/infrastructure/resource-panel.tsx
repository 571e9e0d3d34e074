import { memo, useId } from 'react';
import { useLive, useReads } from '../../app-context.js';
import { formatPercent, joined } from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import { deriveLevel, THRESHOLDS, type Thresholds } from '../../live/scales.js';
import type { GaugeView, HostView } from '../../live/views.js';
import { LevelMark } from '../system-dashboard/gauge-parts.js';
import { INFRASTRUCTURE_WORDS } from './words.js';

/** Processor, memory, swap and every mount of every host, as progress bars. */
export function ResourcePanel() {
  const { language, text } = useSpeech();
  const words = INFRASTRUCTURE_WORDS[language];
  const reads = useReads('metrics');
  const hosts = useLive((view) => view.hosts);
  const titleId = useId();
  return (
    <section className="panel" aria-labelledby={titleId} data-testid="resources">
      <div className="panel-head">
        <h2 id={titleId}>{words.resources}</h2>
      </div>
      {hosts.length === 0 ? (
        <p className="nothing muted">{reads ? words.resourcesNone : text.empty.notReadable}</p>
      ) : (
        <div className="resource-hosts">
          {hosts.map((host) => (
            <HostResources key={host.name} host={host} />
          ))}
        </div>
      )}
    </section>
  );
}

const HostResources = memo(function HostResources({ host }: { host: HostView }) {
  const { text, duration, clock } = useSpeech();
  const { cpu, mem, swap, disk, uptime } = host.gauges;
  const facts = [
    ...(uptime.value === null ? [] : [`${text.gauge.uptime} ${duration(uptime.value * 1000)}`]),
    ...(host.lastSeenMs === null ? [] : [text.asOf(clock(host.lastSeenMs))]),
  ];
  return (
    <section className="resource-host" data-testid="resource-host" data-freshness={host.freshness}>
      <h3>
        {host.name || text.app.unnamedHost}
        <span className="muted small">{facts.join(' · ')}</span>
      </h3>
      <Bar id="cpu" label={text.gauge.cpu} gauge={cpu} limits={THRESHOLDS.cpu} />
      <Bar id="mem" label={text.gauge.mem} gauge={mem} limits={THRESHOLDS.mem} />
      {swap.value !== null && <Bar id="swap" label={text.gauge.swap} gauge={swap} limits={THRESHOLDS.swap} />}
      {host.mounts.length === 0 ? (
        <Bar id="disk" label={text.gauge.disk} gauge={disk} limits={THRESHOLDS.disk} />
      ) : (
        host.mounts.map((mount) => (
          <Bar
            key={mount.mount}
            id="disk"
            label={`${text.gauge.disk} ${mount.mount}`}
            gauge={mount}
            limits={THRESHOLDS.disk}
          />
        ))
      )}
    </section>
  );
});

interface BarProps {
  id: string;
  label: string;
  gauge: GaugeView;
  limits: Thresholds;
}

/** A real progress bar for readers; what is not live says so in words. */
function Bar({ id, label, gauge, limits }: BarProps) {
  const { language, text } = useSpeech();
  const words = INFRASTRUCTURE_WORDS[language];
  const labelId = useId();
  const { value, freshness } = gauge;
  const level = value === null ? 'ok' : deriveLevel(value, limits);
  const shown = value === null ? text.freshness.empty : joined(formatPercent(value));
  return (
    <div
      className="resource-bar"
      data-testid={`bar-${id}`}
      data-value={value ?? ''}
      data-freshness={freshness}
    >
      <span id={labelId} className="resource-label" title={label}>
        {label}
      </span>
      <LevelMark level={level} freshness={freshness} />
      <span className="resource-value">{value === null ? '–' : shown}</span>
      <div
        role="progressbar"
        aria-labelledby={labelId}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value ?? undefined}
        aria-valuetext={shown}
        title={words.limits(limits.warning, limits.critical)}
        className={`meter level-${level}`}
      >
        <span
          className="meter-fill"
          style={{ transform: `scaleX(${Math.min(1, (value ?? 0) / 100).toFixed(3)})` }}
        />
        <span className="meter-limit" style={{ left: `${limits.warning}%` }} />
        <span className="meter-limit critical" style={{ left: `${limits.critical}%` }} />
      </div>
    </div>
  );
}
