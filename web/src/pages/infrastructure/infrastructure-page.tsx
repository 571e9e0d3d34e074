import { useSpeech } from '../../i18n/use-language.js';
import { ContainerPanel } from '../system-dashboard/container-panel.js';
import { DatabasePanel } from './database-panel.js';
import { ResourcePanel } from './resource-panel.js';
import { INFRASTRUCTURE_WORDS } from './words.js';
import './infrastructure.css';

/** Machines, databases and containers at a glance, live over the feed. */
export function InfrastructurePage() {
  const { language } = useSpeech();
  return (
    <div className="infrastructure" data-testid="infrastructure-page">
      <h2 className="visually-hidden">{INFRASTRUCTURE_WORDS[language].title}</h2>
      <ResourcePanel />
      <DatabasePanel />
      <ContainerPanel />
    </div>
  );
}
