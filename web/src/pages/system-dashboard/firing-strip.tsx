import { useId } from 'react';
import { useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { mostUrgent } from '../../live/alert-book.js';
import { alertIcon } from '../../ui/alert-look.js';
import { Icon } from '../../ui/icon.js';

const SHOWN = 3;

/**
 * What is firing, in a line each, where the alert list is far below: the style sheet hides it where there is room for
 * two columns. The list has the rest; a link leads there.
 */
export function FiringStrip() {
  const { text, alert: say } = useSpeech();
  const titleId = useId();
  const firing = useLive((view) => view.firing);
  const isNow = useLive((view) => view.alertsAsOfMs === null);
  const severalHosts = useLive((view) => view.hosts.length > 1);
  if (firing.length === 0) return null;
  const shown = mostUrgent(firing, SHOWN);
  return (
    <section
      className="firing-strip"
      aria-labelledby={titleId}
      data-testid="firing-strip"
      data-freshness={isNow ? 'live' : 'stale'}
    >
      <h2 className="visually-hidden" id={titleId}>
        {isNow ? text.alerts.firingNow : text.alerts.firingLast}
      </h2>
      <ul>
        {shown.map((alert) => (
          <li key={alert.data.alert_id} className={alert.data.severity} data-alert={alert.data.alert_id}>
            <a href="#alerts">
              <Icon name={alertIcon(alert)} />
              <span className="visually-hidden">{text.alerts.severity[alert.data.severity]}: </span>
              <span className="firing-what">
                {severalHosts && <span className="muted">{alert.data.host} · </span>}
                {say(alert.data)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {firing.length > shown.length && (
        <a className="firing-more" href="#alerts">
          {text.alerts.andMore(firing.length - shown.length)}
        </a>
      )}
    </section>
  );
}
