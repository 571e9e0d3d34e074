import type { PageName } from '@pulsewire/shared-schema';
import type { MouseEvent, ReactNode } from 'react';
import { useApp } from '../app-context.js';
import { renderAddress } from './routes.js';

interface PageLinkProps {
  page: PageName;
  query?: string;
  /** Place on the page, with its `#`. */
  hash?: string;
  className?: string;
  current?: boolean;
  testId?: string;
  children: ReactNode;
}

/** A real link, so that it can be copied and opened in another tab; a plain click does not load the page anew. */
export function PageLink(props: PageLinkProps) {
  const { page, query = '', hash = '', className, current = false, testId, children } = props;
  const { router } = useApp();
  const route = { page, query };
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.go(route, hash);
  };
  return (
    <a
      href={`${renderAddress(route)}${hash}`}
      className={className}
      aria-current={current ? 'page' : undefined}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
