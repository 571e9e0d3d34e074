/** Takes keys out of text before anybody can read it: URLs, headers and connection strings. */

const REDACTED = '[redacted]';

const RULES: readonly [pattern: RegExp, replacement: string][] = [
  [/([?&#](?:api_key|ticket|key|token)=)[^&#\s"'\\]+/gi, `$1${REDACTED}`],
  [/((?:x-api-key|authorization)["']?\s*[:=]\s*\\?["']?(?:bearer\s+)?)[^\s"',\\]+/gi, `$1${REDACTED}`],
  [/(bearer\s+)[^\s"',\\]+/gi, `$1${REDACTED}`],
  [/(\bkey\.)[A-Za-z0-9_-]{16,}/g, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]*@/gi, `$1${REDACTED}@`],
];

/** The text without anything that looks like a credential. Never throws; other text is unchanged. */
export function redactText(text: string): string {
  return RULES.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text);
}
