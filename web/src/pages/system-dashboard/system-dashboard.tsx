import { useState } from 'react';
import { useLive } from '../../app-context.js';
import { AlertPanel } from './alert-panel.js';
import { ContainerPanel } from './container-panel.js';
import { EmptyPanel } from './empty-panel.js';
import { FiringStrip } from './firing-strip.js';
import { HostPanel } from './host-panel.js';
import { HostSwitcher } from './host-switcher.js';

/** The live page: every host, its containers, its alerts. */
export function SystemDashboard() {
  const hosts = useLive((view) => view.hosts);
  const [chosen, setChosen] = useState<string | null>(null);
  const current = hosts.find((host) => host.name === chosen)?.name ?? hosts[0]?.name ?? null;
  return (
    <>
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
    </>
  );
}
