import { useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';

const TILES = ['cpu', 'mem', 'swap', 'disk', 'load', 'network', 'diskIo', 'uptime'] as const;

/** No sample has arrived yet: the outline of what will be here, and why it is not here yet. */
export function EmptyPanel() {
  const { text } = useSpeech();
  const live = useLive((view) => view.connection.stream === 'live');
  return (
    <section className="panel host empty" data-testid="empty-state" aria-labelledby="empty-title">
      <h2 id="empty-title">{text.empty.title}</h2>
      <p className="muted">{live ? text.empty.live : text.empty.connecting}</p>
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
