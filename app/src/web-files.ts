/** Serves the built dashboard: hashed files for ever, the page itself never from a cache, headers that forbid the rest. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RequestHandler, sendHttpError } from '@pulsewire/runtime';
import { PAGE_PATHS } from '@pulsewire/shared-schema';
import sirv from 'sirv';
import { AppError } from './errors.js';

/** The page talks to its own origin only; nothing may frame it or run inside it. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; " +
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const PAGES: ReadonlySet<string> = new Set(Object.values(PAGE_PATHS));

/** A handler for everything that no route answers. Throws `web_not_built` when there are no files. */
export function createWebFiles(): RequestHandler {
  const folder = fileURLToPath(new URL('./dist', import.meta.resolve('@pulsewire/web/package.json')));
  if (!existsSync(`${folder}/index.html`))
    throw new AppError('web_not_built', 'the dashboard is not built; run "npm run build"');
  const serve = sirv(folder, {
    etag: true,
    // The build left a compressed twin beside each script and style sheet.
    gzip: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('cache-control', cache);
    },
  });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendHttpError(response, 'method_not_allowed', 'the dashboard answers GET and HEAD');
    }
    const [path = '', query] = (request.url ?? '').split('?');
    if (PAGES.has(path)) request.url = query === undefined ? '/' : `/?${query}`;
    serve(request, response, () => sendHttpError(response, 'not_found', 'no such route'));
  };
}
