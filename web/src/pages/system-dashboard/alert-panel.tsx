import { memo, useId } from 'react';
import { useLive, useReads } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import type { AlertView } from '../../live/views.js';
import { PageLink } from '../../route/page-link.js';
import { replayQuery } from '../../route/routes.js';
import { alertIcon } from '../../ui/alert-look.js';
import { Icon } from '../../ui/icon.js';

/** What is firing, then what was resolved lately. */
export function AlertPanel() {
  const { text, clock } = useSpeech();
  const titleId = useId();
  const firing = useLive((view) => view.firing);
  const recent = useLive((view) => view.recent);
  const known = useLive((view) => view.alertsKnown);
  const asOfMs = useLive((view) => view.alertsAsOfMs);
  const reads = useReads('alerts');
  return (
    <section
      className={`panel alerts ${firing.length > 0 ? 'has-firing' : ''}`}
      id="alerts"
      tabIndex={-1}
      aria-labelledby={titleId}
      data-testid="alerts"
      data-freshness={asOfMs === null ? 'live' : 'stale'}
    >
      <div className="panel-head">
        <h2 id={titleId}>
          {text.alerts.title}{' '}
          <span className="count" data-testid="alerts-firing">
            {known ? text.alerts.firing(firing.length) : text.alerts.unknown}
            {known && asOfMs !== null && ` · ${text.asOf(clock(asOfMs))}`}
          </span>
        </h2>
      </div>
      {firing.length === 0 && recent.length === 0 && (
        <p className="nothing muted">
          {known ? text.empty.alertsNone : reads ? text.empty.alertsUnknown : text.empty.notReadable}
        </p>
      )}
      {firing.length > 0 && <AlertItems alerts={firing} />}
      {recent.length > 0 && (
        <>
          <h3 className="alerts-sub">{text.alerts.recent}</h3>
          <AlertItems alerts={recent} />
        </>
      )}
    </section>
  );
}

function AlertItems({ alerts }: { alerts: readonly AlertView[] }) {
  return (
    <ul className="alert-list">
      {alerts.map((alert) => (
        <AlertItem key={alert.data.alert_id} alert={alert} />
      ))}
    </ul>
  );
}

const AlertItem = memo(function AlertItem({ alert }: { alert: AlertView }) {
  const { text, alert: say } = useSpeech();
  const { data } = alert;
  const said = say(data);
  return (
    <li
      className={`alert ${data.severity} ${alert.resolvedAtMs === null ? 'firing' : 'resolved'}`}
      data-testid="alert"
      data-alert={data.alert_id}
      data-state={alert.resolvedAtMs === null ? 'firing' : 'resolved'}
    >
      <Icon name={alertIcon(alert)} />
      <div>
        <p className="alert-message">{said}</p>
        <p className="alert-facts muted">
          <span className="alert-severity">{text.alerts.severity[data.severity]}</span>
          {' · '}
          {[data.host, data.container, data.mount].filter(Boolean).join(' / ')}
          {' · '}
          <AlertTime alert={alert} />
          {' · '}
          <PageLink
            page="history"
            query={replayQuery(data.started_at)}
            className="link"
            testId="alert-replay"
          >
            {text.alerts.replay}
            <span className="visually-hidden">: {said}</span>
          </PageLink>
        </p>
      </div>
    </li>
  );
});

function AlertTime({ alert }: { alert: AlertView }) {
  const { text, duration, moment } = useSpeech();
  const { startedAtMs, resolvedAtMs } = alert;
  return useLive(({ secondMs, alertsAsOfMs }) =>
    resolvedAtMs === null
      ? text.alerts.forLength(duration((alertsAsOfMs ?? secondMs) - startedAtMs))
      : text.alerts.endedAt(moment(resolvedAtMs, secondMs), duration(resolvedAtMs - startedAtMs)),
  );
}
