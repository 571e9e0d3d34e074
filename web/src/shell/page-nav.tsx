import type { PageName } from '@pulsewire/shared-schema';
import { useSpeech } from '../i18n/use-language.js';
import { PageLink } from '../route/page-link.js';
import { PAGES } from '../route/routes.js';
import { useRoute } from '../route/use-route.js';
import { Icon, type IconName } from '../ui/icon.js';

const ICONS: Record<PageName, IconName> = {
  dashboard: 'pulse',
  history: 'chart',
  logs: 'list',
  infrastructure: 'server',
};

/** The bar of pages: in the header, on a phone at the bottom of the screen. */
export function PageNav() {
  const { text } = useSpeech();
  const { page } = useRoute();
  return (
    <nav className="page-nav" aria-label={text.nav.label}>
      <ul>
        {PAGES.map((name) => (
          <li key={name}>
            <PageLink page={name} current={name === page} testId={`nav-${name}`}>
              <Icon name={ICONS[name]} />
              <span>{text.nav.page[name]}</span>
            </PageLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
