/** A log line as the page holds it, and what a filter lets through. */
import type { Log } from '@pulsewire/shared-schema';

export type LogLine = Log['data'];
export type LogLevel = LogLine['level'];

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

export interface LogFilter {
  /** `null`: of every service. */
  readonly service: string | null;
  /** At least one. */
  readonly levels: readonly LogLevel[];
  /** Part of the message, whatever its case; empty: any message. */
  readonly search: string;
}

/** The same line, whether it came over the feed or from the database. */
export function lineKey({ host, service, stream, seq, timestamp }: LogLine): string {
  return `${host}\u0000${service}\u0000${stream}\u0000${seq}\u0000${timestamp}`;
}

export function createMatcher({ service, levels, search }: LogFilter): (line: LogLine) => boolean {
  const wanted = search.toLowerCase();
  return (line) =>
    (service === null || line.service === service) &&
    levels.includes(line.level) &&
    (wanted === '' || line.message.toLowerCase().includes(wanted));
}

/** Marked in one text: a letter that is everywhere would otherwise be thousands of elements. */
const MOST_MATCHES = 40;

/** The message in pieces: those at odd places are what was searched for, the first 40 times. */
export function splitMatches(message: string, search: string): readonly string[] {
  if (search === '') return [message];
  const text = message.toLowerCase();
  const wanted = search.toLowerCase();
  // A few letters change their length in lower case; then places in the one are none in the other.
  if (text.length !== message.length) return [message];
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf(wanted); at >= 0 && pieces.length < 2 * MOST_MATCHES; ) {
    pieces.push(message.slice(from, at), message.slice(at, at + wanted.length));
    from = at + wanted.length;
    at = text.indexOf(wanted, from);
  }
  pieces.push(message.slice(from));
  return pieces;
}
