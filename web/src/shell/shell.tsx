import type { PageName } from '@pulsewire/shared-schema';
import { type ComponentType, lazy, type RefObject, useEffect, useRef } from 'react';
import { useSpeech } from '../i18n/use-language.js';
import { SystemDashboard } from '../pages/system-dashboard/system-dashboard.js';
import { useRoute } from '../route/use-route.js';
import { ConnectionBanner } from './connection-banner.js';
import { PageBoundary } from './page-boundary.js';
import { PageHeader } from './page-header.js';
import { Toasts } from './toasts.js';

/** The live dashboard is part of the first script; the others come when they are asked for. */
const PAGE_COMPONENTS: Record<PageName, ComponentType> = {
  dashboard: SystemDashboard,
  history: lazy(() =>
    import('../pages/history/history-page.js').then((file) => ({ default: file.HistoryPage })),
  ),
  logs: lazy(() => import('../pages/logs/logs-page.js').then((file) => ({ default: file.LogsPage }))),
  infrastructure: lazy(() =>
    import('../pages/infrastructure/infrastructure-page.js').then((file) => ({
      default: file.InfrastructurePage,
    })),
  ),
};

interface ShellProps {
  onForgetKey: () => void;
  /** True when the key form, and the focus with it, was here before. */
  takesFocus: RefObject<boolean>;
}

/** What is around every page: where one can go, and how far what is shown can be trusted. */
export function Shell({ onForgetKey, takesFocus }: ShellProps) {
  const { text } = useSpeech();
  const { page } = useRoute();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  const Page = PAGE_COMPONENTS[page];

  // On a page that opens with its key the focus stays at the top: the first Tab finds the header.
  useEffect(() => {
    if (!takesFocus.current && shown.current === page) return;
    shown.current = page;
    const linked = document.getElementById(window.location.hash.slice(1));
    (linked ?? main.current)?.focus({ preventScroll: linked === null });
    if (linked === null) window.scrollTo(0, 0);
  }, [page, takesFocus]);

  return (
    <div className="page">
      <a className="skip" href="#main">
        {text.app.skip}
      </a>
      <PageHeader onForgetKey={onForgetKey} />
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} data-page={page}>
        <PageBoundary key={page}>
          <Page />
        </PageBoundary>
      </main>
      <Toasts />
    </div>
  );
}
