import { memo, useId } from 'react';
import { useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { deriveLevel } from '../../live/scales.js';
import type { DatabaseView } from '../../live/views.js';
import { Badge } from '../../ui/badge.js';
import { Icon } from '../../ui/icon.js';
import { Meter } from '../../ui/meter.js';
import { deriveFigures } from './database-figures.js';
import { INFRASTRUCTURE_WORDS } from './words.js';

/** Most databases refuse ordinary users some connections before the limit. */
const CONNECTION_LIMITS = { warning: 75, critical: 90 };

/** One card a database: whether it answers, and its key figures. */
export function DatabasePanel() {
  const { language } = useSpeech();
  const words = INFRASTRUCTURE_WORDS[language];
  const databases = useLive((view) => view.databases);
  const titleId = useId();
  return (
    <section className="panel" aria-labelledby={titleId} data-testid="databases">
      <div className="panel-head">
        <h2 id={titleId}>
          {words.databases} {databases.length > 0 && <span className="count">{databases.length}</span>}
        </h2>
      </div>
      {databases.length === 0 ? (
        <div className="nothing" data-testid="no-databases">
          <Icon name="database" />
          <strong>{words.databasesNone}</strong>
          <span className="muted">{words.databasesNoneExplain}</span>
        </div>
      ) : (
        <ul className="database-cards">
          {databases.map((database) => (
            <DatabaseCard key={database.key} database={database} />
          ))}
        </ul>
      )}
    </section>
  );
}

const DatabaseCard = memo(function DatabaseCard({ database }: { database: DatabaseView }) {
  const { language, text, clock } = useSpeech();
  const words = INFRASTRUCTURE_WORDS[language];
  const { status, freshness, asOfMs } = database;
  const isUp = status.status === 'up';
  return (
    <li
      className={`database-card ${isUp ? '' : 'is-down'}`}
      data-testid="database"
      data-name={status.name}
      data-status={status.status}
      data-freshness={freshness}
    >
      <div className="database-head">
        <Icon name="database" />
        <h3 title={status.name}>{status.name}</h3>
        <Badge
          tone={freshness === 'live' ? (isUp ? 'ok' : 'critical') : 'neutral'}
          icon={isUp ? 'check' : 'octagon'}
        >
          {isUp ? words.up : words.down}
        </Badge>
      </div>
      <p className="muted small">
        {words.kind[status.kind]}
        {status.host !== undefined && ` · ${words.seenBy(status.host)}`}
        {asOfMs !== null && ` · ${text.freshness[freshness]}, ${text.asOf(clock(asOfMs))}`}
      </p>
      {status.error !== undefined && (
        <p className="database-error small">
          <span className="visually-hidden">{words.error}: </span>
          {status.error}
        </p>
      )}
      <dl>
        {deriveFigures(status, words, language).map(({ label, text: figure, percent }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{figure}</dd>
            {percent !== null && <Meter value={percent} level={deriveLevel(percent, CONNECTION_LIMITS)} />}
          </div>
        ))}
      </dl>
    </li>
  );
});
