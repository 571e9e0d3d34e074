import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { AlertPanel } from './alert-panel.js';
import { ConnectionBanner } from './connection-banner.js';
import { ContainerPanel } from './container-panel.js';
import { DashboardHeader } from './dashboard-header.js';
import { EmptyPanel } from './empty-panel.js';
import { FiringStrip } from './firing-strip.js';
import { HostPanel } from './host-panel.js';
import { HostSwitcher } from './host-switcher.js';
import { Toasts } from './toasts.js';

interface SystemDashboardProps {
  onForgetKey: () => void;
  /** True when the key form, and the focus with it, was here before. */
  takesFocus: RefObject<boolean>;
}

/** The live page: every host, its containers, its alerts, and how far all of it can be trusted. */
export function SystemDashboard({ onForgetKey, takesFocus }: SystemDashboardProps) {
  const { text } = useSpeech();
  const hosts = useLive((view) => view.hosts);
  const [chosen, setChosen] = useState<string | null>(null);
  const main = useRef<HTMLElement>(null);
  const current = hosts.find((host) => host.name === chosen)?.name ?? hosts[0]?.name ?? null;

  // On a page that opens with its key the focus stays at the top: the first Tab finds the header.
  useEffect(() => {
    if (takesFocus.current) main.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  return (
    <div className="page">
      <a className="skip" href="#main">
        {text.app.skip}
      </a>
      <DashboardHeader onForgetKey={onForgetKey} />
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1}>
        <FiringStrip />
        {hosts.length > 1 && <HostSwitcher hosts={hosts} current={current} onChoose={setChosen} />}
        {hosts.length === 0 ? (
          <EmptyPanel />
        ) : (
          <div className={`hosts ${hosts.length === 1 ? 'one' : 'many'}`}>
            {hosts.map((host) => (
              <HostPanel key={host.name} host={host} current={host.name === current} />
            ))}
          </div>
        )}
        <div className="below">
          <ContainerPanel />
          <AlertPanel />
        </div>
      </main>
      <Toasts />
    </div>
  );
}
