import type { ContainerHealth, ContainerStatusName } from '@pulsewire/shared-schema';
import { memo } from 'react';
import { useLive } from '../../app-context.js';
import { formatBytes, formatPercent, joined } from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import type { ContainerView } from '../../live/views.js';
import { Badge, type Tone } from '../../ui/badge.js';
import type { IconName } from '../../ui/icon.js';
import { Meter } from '../../ui/meter.js';

type Look = { tone: Tone; icon: IconName };

const STATUS_LOOKS: Record<ContainerStatusName, Look> = {
  running: { tone: 'ok', icon: 'play' },
  exited: { tone: 'neutral', icon: 'stop' },
  paused: { tone: 'warning', icon: 'pause' },
  restarting: { tone: 'warning', icon: 'refresh' },
  created: { tone: 'neutral', icon: 'box' },
  dead: { tone: 'critical', icon: 'octagon' },
  removing: { tone: 'neutral', icon: 'close' },
};
const HEALTH_LOOKS: Record<Exclude<ContainerHealth, 'none'>, Look> = {
  healthy: { tone: 'ok', icon: 'check' },
  unhealthy: { tone: 'critical', icon: 'triangle' },
  starting: { tone: 'info', icon: 'clock' },
};

export const ContainerRow = memo(function ContainerRow({
  row,
  withHost,
}: {
  row: ContainerView;
  withHost: boolean;
}) {
  const { text } = useSpeech();
  const memory = [
    row.memBytes === null ? null : joined(formatBytes(row.memBytes)),
    row.memPercent === null ? null : joined(formatPercent(row.memPercent)),
  ].filter((part) => part !== null);
  return (
    <tr
      data-testid="container-row"
      data-container={row.name}
      data-status={row.status}
      data-health={row.health ?? 'unknown'}
      data-freshness={row.freshness}
    >
      <th scope="row" className="col-name" title={row.name}>
        {row.name}
      </th>
      {withHost && (
        <td className="col-host" title={row.host}>
          {row.host || text.app.unnamedHost}
        </td>
      )}
      <td className="col-status">
        <StatusBadge row={row} />
      </td>
      <td className="col-health">
        <HealthBadge health={row.health} />
      </td>
      <td className="numeric col-cpu" data-label={text.containers.column.cpu}>
        {row.cpuPercent === null ? '–' : joined(formatPercent(row.cpuPercent))}
        {row.cpuPercent !== null && <Meter value={row.cpuPercent} level="ok" />}
      </td>
      <td className="numeric col-mem" data-label={text.containers.column.mem}>
        {memory.length === 0 ? '–' : memory[0]}
        {memory.length === 2 && <span className="muted"> · {memory[1]}</span>}
      </td>
      <td className="col-image" title={row.image}>
        <bdi>{row.image || '–'}</bdi>
      </td>
      <td className="numeric col-uptime" data-label={text.containers.column.uptime}>
        {row.startedAtMs === null ? '–' : <Uptime sinceMs={row.startedAtMs} asOfMs={row.asOfMs} />}
      </td>
    </tr>
  );
});

function HealthBadge({ health }: { health: ContainerView['health'] }) {
  const { text } = useSpeech();
  if (health === null) return <span className="muted">–</span>;
  if (health === 'none') return <span className="muted small">{text.containers.health.none}</span>;
  return <Badge {...HEALTH_LOOKS[health]}>{text.containers.health[health]}</Badge>;
}

function StatusBadge({ row }: { row: ContainerView }) {
  const { text } = useSpeech();
  const failed = row.status === 'exited' && row.exitCode !== null && row.exitCode !== 0;
  const look = failed ? ({ tone: 'critical', icon: 'octagon' } as const) : STATUS_LOOKS[row.status];
  const showCode = row.exitCode !== null && (row.status === 'exited' || row.status === 'dead');
  return (
    <Badge {...look}>
      {text.containers.status[row.status]}
      {showCode && ` · ${text.containers.exitCode(row.exitCode)}`}
    </Badge>
  );
}

/**
 * Draws again only when its text changes: once a second at first, then once a minute, then once an hour. It stands
 * still when the container was last heard of at `asOfMs`: nobody knows whether it still runs.
 */
function Uptime({ sinceMs, asOfMs }: { sinceMs: number; asOfMs: number | null }) {
  const { duration } = useSpeech();
  return useLive((view) => duration((asOfMs ?? view.secondMs) - sinceMs));
}
