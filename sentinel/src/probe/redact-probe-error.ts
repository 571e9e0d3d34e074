/**
 * What a driver says when it fails, fit to be shown: without anything of the credentials in the URL, on one line,
 * and not longer than a person reads.
 */
import { redactText } from '@pulsewire/runtime';

const REDACTED = '[redacted]';
const MAX_LENGTH = 300;
/** Shorter ones are replaced as whole words only: else they would show where they were replaced. */
const MIN_ANYWHERE = 4;
const SECRET_OPTION = /pass|secret|token|key|auth|user/i;
const QUERY_OPTION = /[?&;]([^=&;]+)=([^&;]*)/g;
const CREDENTIALS = /^[^:]+:\/\/([^/?]*)@/;

/** Never throws. `url` is the target's. */
export function redactProbeError(error: unknown, url: string): string {
  const text = secretsOf(url).reduce(replaceAll, describe(error));
  const line = redactText(text)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line || 'failed without a reason';
}

/** Errors of several addresses, or of a driver's driver, have an empty message of their own. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  const cause = causes.find((candidate) => candidate instanceof Error);
  if (error.message === '' && cause !== undefined) return describe(cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}

/** Names and passwords, as written and as decoded, the longest first so that none is left over in part. */
function secretsOf(url: string): string[] {
  const credentials = CREDENTIALS.exec(url)?.[1] ?? '';
  const colon = credentials.indexOf(':');
  const parts = colon === -1 ? [credentials] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  for (const [, option = '', value = ''] of url.matchAll(QUERY_OPTION))
    if (SECRET_OPTION.test(option)) parts.push(value, ...value.split(/[,:]/));
  const written = [...parts, credentials].filter((part) => part !== '');
  const all = new Set(written.flatMap((part) => [part, decode(part)]));
  return [...all].sort((a, b) => b.length - a.length);
}

function replaceAll(text: string, secret: string): string {
  if (secret.length >= MIN_ANYWHERE) return text.replaceAll(secret, REDACTED);
  const escaped = secret.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), REDACTED);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
