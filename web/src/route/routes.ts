/** Where the page is: which of the pages, and its query, in which each page keeps what it shows. */
import { PAGE_PATHS, type PageName } from '@pulsewire/shared-schema';

export interface Route {
  readonly page: PageName;
  /** Without the question mark. */
  readonly query: string;
}

export const PAGES = Object.keys(PAGE_PATHS) as PageName[];

/** A path that is no page's shows the live dashboard, as the address without any path does. */
export function deriveRoute(path: string, search: string): Route {
  const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const page = PAGES.find((name) => PAGE_PATHS[name] === bare) ?? 'dashboard';
  return { page, query: search.replace(/^\?/, '') };
}

/** Of the history page, so that it plays what was around a moment. `time`: ISO 8601. */
export function replayQuery(time: string): string {
  return new URLSearchParams({ replay: time }).toString();
}

export function renderAddress({ page, query }: Route): string {
  return query === '' ? PAGE_PATHS[page] : `${PAGE_PATHS[page]}?${query}`;
}
