import type { StreamStateName } from '@pulsewire/shared-schema/client';
import { useLive, useReads } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';

/** Which sentence explains the emptiness. */
const REASONS: Record<StreamStateName, 'connecting' | 'live' | 'degraded' | 'disconnected'> = {
  idle: 'connecting',
  connecting: 'connecting',
  live: 'live',
  degraded: 'degraded',
  waiting: 'disconnected',
  closed: 'disconnected',
  rejected: 'disconnected',
};
const TILES = ['cpu', 'mem', 'swap', 'disk', 'load', 'network', 'diskIo', 'uptime'] as const;

/** No sample has arrived yet: the outline of what will be here, and why it is not here yet. */
export function EmptyPanel() {
  const { text } = useSpeech();
  const reads = useReads('metrics');
  const state = useLive((view) => view.connection.stream);
  return (
    <section className="panel host empty" data-testid="empty-state" aria-labelledby="empty-title">
      <h2 id="empty-title">{text.empty.title}</h2>
      <p className="muted small">{reads ? text.empty[REASONS[state]] : text.empty.notReadable}</p>
      <div className="tiles" aria-hidden="true">
        {TILES.map((tile) => (
          <div className="tile skeleton" key={tile}>
            <span className="tile-label">{text.gauge[tile]}</span>
            <span className="bone wide" />
            <span className="bone" />
          </div>
        ))}
      </div>
    </section>
  );
}
