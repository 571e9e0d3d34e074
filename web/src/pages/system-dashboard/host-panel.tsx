import { memo, useId } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import type { HostView } from '../../live/views.js';
import { Badge } from '../../ui/badge.js';
import { CorePanel } from './core-panel.js';
import { HostCharts } from './host-charts.js';
import { HostGauges } from './host-gauges.js';

/** One host: gauges, cores, charts. `current` is the one that narrow screens show. */
export const HostPanel = memo(function HostPanel({ host, current }: { host: HostView; current: boolean }) {
  const { text, clock } = useSpeech();
  const titleId = useId();
  return (
    <section
      className={`panel host ${current ? 'current' : ''}`}
      aria-labelledby={titleId}
      data-testid="host"
      data-host={host.name}
      data-freshness={host.freshness}
    >
      <div className="host-head">
        <h2 id={titleId} title={host.name}>
          {host.name || text.app.unnamedHost}
        </h2>
        {host.cores.length > 0 && <span className="muted">{text.gauge.cores(host.cores.length)}</span>}
        {host.freshness !== 'live' && (
          <Badge tone="neutral" icon="clock">
            {text.freshness[host.freshness]}
            {host.lastSeenMs !== null && ` · ${text.asOf(clock(host.lastSeenMs))}`}
          </Badge>
        )}
      </div>
      <HostGauges gauges={host.gauges} coreCount={host.cores.length} />
      {host.cores.length > 0 && <CorePanel cores={host.cores} />}
      <HostCharts name={host.name} mounts={host.mounts} />
    </section>
  );
});
