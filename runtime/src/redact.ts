/** Takes keys out of text before anybody can read it: URLs, headers and connection strings. */

const REDACTED = '[redacted]';

/** A value in a header or a JSON string: up to white space or a quote, past anything escaped. */
const VALUE = String.raw`(?:[^\s"\\]|\\.)+`;
const SCHEME = String.raw`(?:(?:bearer|basic|digest|token|apikey)\s+)?`;
/** What stands between a header's name and its value: `: `, `":"`, `\":\"`, `", "`. */
const BETWEEN = String.raw`\\*["']?\s*[:=,]\s*(?:\\*["'])?`;

/** Every part that may be long is bounded by what it begins with, so that the time grows with the text only. */
const RULES: readonly [pattern: RegExp, replacement: string][] = [
  [/([?&#](?:api(?:_|%5f)key|ticket|key|(?:\w{1,32}_)?token|password)=)[^&#\s"\\]+/gi, `$1${REDACTED}`],
  [new RegExp(`((?:x-api-key|authorization)${BETWEEN}${SCHEME})${VALUE}`, 'gi'), `$1${REDACTED}`],
  [new RegExp(String.raw`(\bbearer\s+)${VALUE}`, 'gi'), `$1${REDACTED}`],
  [/(\bkey\.)[A-Za-z0-9_-]{16,}/g, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]{0,31}:\/\/)[^/\s"']*@/gi, `$1${REDACTED}@`],
];

/** The text without anything that looks like a credential. Never throws; other text is unchanged. */
export function redactText(text: string): string {
  return RULES.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text);
}
