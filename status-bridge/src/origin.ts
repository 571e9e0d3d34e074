/**
 * Whether a browser's page may ask. Only browsers send `Origin`, and they cannot forge it; a request without one comes
 * from a program or from a page of our own, for which its key must vouch.
 */

/** `host` is the `Host` header. Allowed: no origin, the same origin, or one of the list. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // Behind a proxy that ends TLS we do not know our own scheme: it is taken from the page, and its default port too.
  const own = `${page.protocol}//${host}`;
  return /^https?:$/.test(page.protocol) && URL.canParse(own) && new URL(own).host === page.host;
}
