import { type ReactNode, useState } from 'react';
import { useLive } from '../app-context.js';
import { useSpeech } from '../i18n/use-language.js';
import { askNotifyPermission, readNotifyPermission } from '../platform/notifications.js';
import { PageLink } from '../route/page-link.js';
import { useRoute } from '../route/use-route.js';
import { Badge } from '../ui/badge.js';
import { IconButton } from '../ui/icon-button.js';
import { Logo } from '../ui/logo.js';
import { ViewControls } from '../ui/view-controls.js';
import { ConnectionBadge } from './connection-badge.js';
import { PageNav } from './page-nav.js';

export function PageHeader({ onForgetKey }: { onForgetKey: () => void }) {
  const { text } = useSpeech();
  const hostCount = useLive((view) => view.hosts.length);
  const firingCount = useLive((view) => view.firing.length);
  const critical = useLive((view) => view.firing.some(({ data }) => data.severity === 'critical'));
  const isNow = useLive((view) => view.alertsAsOfMs === null);
  const [permission, setPermission] = useState(readNotifyPermission);
  return (
    <header className="header">
      <div className="brand">
        <Logo />
        <h1>{text.app.name}</h1>
        {hostCount > 0 && <span className="muted host-count">{text.app.hosts(hostCount)}</span>}
        {firingCount > 0 && (
          <FiringLink>
            <Badge
              tone={isNow ? (critical ? 'critical' : 'warning') : 'neutral'}
              icon={critical ? 'octagon' : 'triangle'}
            >
              {text.alerts.firing(firingCount)}
            </Badge>
          </FiringLink>
        )}
      </div>
      <PageNav />
      <ConnectionBadge />
      <div className="controls">
        <ViewControls />
        <IconButton
          icon={permission === 'granted' ? 'bell' : 'bellOff'}
          label={text.controls.notify[permission]}
          disabled={permission !== 'default'}
          testId="notify-toggle"
          onClick={() => void askNotifyPermission().then(setPermission)}
        />
        <IconButton icon="key" label={text.controls.forgetKey} testId="forget-key" onClick={onForgetKey} />
      </div>
    </header>
  );
}

/** On the live page the browser's own jump is enough. */
function FiringLink({ children }: { children: ReactNode }) {
  const { page } = useRoute();
  if (page !== 'dashboard')
    return (
      <PageLink page="dashboard" hash="#alerts" className="firing-link" testId="firing-count">
        {children}
      </PageLink>
    );
  return (
    <a className="firing-link" href="#alerts" data-testid="firing-count">
      {children}
    </a>
  );
}
