/**
 * The level of a line that only has text. What the program itself says counts, in this order: JSON (pino and bunyan
 * with their numbers, others with words), logfmt, a common prefix. A line without any that is indented goes with the
 * line before, because stack traces are. Otherwise stdout is `info`. stderr is `warn`: many programs write everything
 * there, so `error` would cry wolf, and `info` would hide the last words of those that crash without a logger.
 */
import type { Log } from '@pulsewire/shared-schema';

export type Level = Log['data']['level'];

const WORDS: ReadonlyMap<string, Level> = new Map<string, Level>([
  ...pairs(
    'debug',
    'trace',
    'debug',
    'debug1',
    'debug5',
    'dbg',
    'trc',
    'verbose',
    'silly',
    'finest',
    'finer',
    'fine',
    'd',
    't',
    'v',
  ),
  ...pairs(
    'info',
    'info',
    'information',
    'informational',
    'notice',
    'log',
    'http',
    'inf',
    'config',
    'default',
    'i',
    'n',
  ),
  ...pairs('warn', 'warn', 'warning', 'wrn', 'w'),
  ...pairs(
    'error',
    'error',
    'err',
    'fatal',
    'ftl',
    'critical',
    'crit',
    'alert',
    'emerg',
    'emergency',
    'panic',
    'severe',
    'dpanic',
    'e',
    'f',
  ),
]);
const JSON_FIELDS = [
  'level',
  'severity',
  'lvl',
  'levelname',
  'log.level',
  'loglevel',
  'level_name',
  '@level',
];
/** Only as far as this is a prefix looked for, and JSON beyond the second is not parsed. */
const PREFIX_LENGTH = 120;
const MAX_JSON_LENGTH = 32_768;
const LOGFMT = /(?:^|\s)(?:level|lvl|severity|loglevel)=(?:"([a-z]+)"|([a-z]+))(?=\s|$)/gi;
/** `E0117 04:30:00.000000       1 main.go:10]`. */
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
/** `<3>` as services write for systemd and the kernel does. */
const SYSLOG_PREFIX = /^<(\d{1,3})>/;
/** In brackets, or in front of a colon at the start, in any case; standing alone only in capitals. */
const BRACKETED = /[[(<|]\s*([a-z]{3,13})\s*[\])>|]/gi;
const AT_START = /^\s*([a-z]{3,13})\s*:/i;
const CAPITALS = /(?:^|[\s:])([A-Z]{3,13})(?=$|[\s:,\]])/g;
const CRASH =
  /^(?:Traceback \(most recent call last\)|panic: |(?:Uncaught )?(?:[A-Z][\w.$]*)?(?:Error|Exception)\b|Unhandled|Exception in thread|Segmentation fault|fatal error: )/;

/** `previous` is the level of the line before in the same stream. */
export function detectLevel(text: string, stream: Log['data']['stream'], previous: Level | null): Level {
  const fields = parseFields(text);
  // Words inside of a JSON line are its message's.
  const own = fields === null ? levelOfText(text.slice(0, PREFIX_LENGTH)) : levelOfFields(fields);
  if (own !== null) return own;
  if (previous !== null && /^\s+\S/.test(text)) return previous;
  return stream === 'stderr' ? 'warn' : 'info';
}

function parseFields(text: string): Record<string, unknown> | null {
  if (text[0] !== '{' || text.length > MAX_JSON_LENGTH) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function levelOfFields(fields: Record<string, unknown>): Level | null {
  // Elastic's schema also nests it.
  const nested = (fields['log'] as { level?: unknown } | null | undefined)?.level;
  for (const candidate of [...JSON_FIELDS.map((name) => fields[name]), nested]) {
    const level = levelOfValue(candidate);
    if (level !== null) return level;
  }
  return null;
}

function levelOfValue(value: unknown): Level | null {
  if (typeof value === 'number') return levelOfNumber(value);
  if (typeof value !== 'string') return null;
  return /^\d+$/.test(value) ? levelOfNumber(Number(value)) : word(value);
}

/** 10 and above are pino's and bunyan's (30 info, 40 warn, 50 error); below, syslog's (3 error, 4 warning, 6 info). */
function levelOfNumber(value: number): Level | null {
  if (!Number.isInteger(value) || value < 0) return null;
  if (value < 10) return value <= 3 ? 'error' : value === 4 ? 'warn' : value < 7 ? 'info' : 'debug';
  return value < 30 ? 'debug' : value < 40 ? 'info' : value < 50 ? 'warn' : 'error';
}

function levelOfText(start: string): Level | null {
  for (const [, quoted, bare] of start.matchAll(LOGFMT)) {
    const level = word(quoted ?? bare);
    if (level !== null) return level;
  }
  const syslog = SYSLOG_PREFIX.exec(start)?.[1];
  if (syslog !== undefined) return levelOfNumber(Number(syslog) % 8);
  const klog = KLOG.exec(start)?.[1];
  if (klog !== undefined) return word(klog);
  const atStart = word(AT_START.exec(start)?.[1]);
  if (atStart !== null) return atStart;
  for (const pattern of [BRACKETED, CAPITALS])
    for (const [, found] of start.matchAll(pattern)) {
      const level = word(found);
      if (level !== null) return level;
    }
  return CRASH.test(start) ? 'error' : null;
}

function word(text: string | undefined): Level | null {
  return text === undefined ? null : (WORDS.get(text.toLowerCase()) ?? null);
}

function pairs(level: Level, ...words: string[]): [string, Level][] {
  return words.map((text) => [text, level]);
}
