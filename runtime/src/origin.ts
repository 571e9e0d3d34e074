/**
 * Whether a browser's page may connect or ask. Only browsers send `Origin`, and they cannot forge it; a request
 * without one comes from a program, which its key alone must vouch for.
 */

/** `host` is the `Host` header. Allowed: no origin, the same origin, or one of the list. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  return allowed.includes(origin) || isSameOrigin(origin, host);
}

/** The scheme is taken from the origin: behind a proxy that ends TLS, the server does not know its own. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || !/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === page.host;
}
