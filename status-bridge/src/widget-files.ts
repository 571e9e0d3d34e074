/** The embeddable page: three files without any framework, read once. */
import { readFileSync } from 'node:fs';
import { BRIDGE_PATHS } from '@pulsewire/shared-schema';

export interface WidgetFile {
  path: string;
  contentType: string;
  body: Buffer;
}

const FILES = [
  { name: 'index.html', path: BRIDGE_PATHS.widget, contentType: 'text/html; charset=utf-8' },
  {
    name: 'widget.js',
    path: `${BRIDGE_PATHS.widget}/widget.js`,
    contentType: 'text/javascript; charset=utf-8',
  },
  { name: 'widget.css', path: `${BRIDGE_PATHS.widget}/widget.css`, contentType: 'text/css; charset=utf-8' },
] as const;

/** Reads the folder `widget`, which lies one above both `src` and `dist`. */
export function readWidgetFiles(): WidgetFile[] {
  return FILES.map(({ name, path, contentType }) => ({
    path,
    contentType,
    body: readFileSync(new URL(`../widget/${name}`, import.meta.url)),
  }));
}

/** Nothing but these files and the bridge itself, and only in pages of allowed origins. */
export function widgetPolicy(allowedOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    ["frame-ancestors 'self'", ...allowedOrigins].join(' '),
  ].join('; ');
}
