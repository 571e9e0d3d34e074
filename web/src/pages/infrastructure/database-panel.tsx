import { memo, useId } from 'react';
import { useLive, useReads } from '../../app-context.js';
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
        <NoDatabases />
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

/** None watched, not told yet, and not told to this key are three things. */
function NoDatabases() {
  const { language, text } = useSpeech();
  const words = INFRASTRUCTURE_WORDS[language];
  const known = useLive((view) => view.databasesKnown);
  const reads = useReads('databases');
  return (
    <div className="nothing" data-testid="no-databases" data-known={known} data-reads={reads}>
      <Icon name="database" />
      <strong>{known ? words.databasesNone : words.databasesUnknown}</strong>
      <span className="muted">
        {reads
          ? known
            ? words.databasesNoneExplain
            : words.databasesUnknownExplain
          : text.empty.notReadable}
      </span>
    </div>
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
