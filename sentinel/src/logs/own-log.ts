/**
 * The sentinel's own lines, for the same channel as everybody else's. They are taken where they are logged, not from
 * a container, so they are there without Docker, too. Nothing on the way from here to the bus logs a line for a line.
 */
import { type Clock, isoTime, type Logger, type LogLevel, redactText } from '@pulsewire/runtime';
import type { Log } from '@pulsewire/shared-schema';

/** The service under which the sentinel's own lines appear. */
export const OWN_SERVICE = 'sentinel';

export interface OwnLog {
  /** The same logger; what it and its children log from `info` on is also kept for the channel. */
  tap(logger: Logger): Logger;
  /** The lines since the last call, oldest first. */
  take(host: string): Log[];
}

/** While the bus is down. The oldest go first, and the number is told. */
const MAX_LINES = 1000;
const MAX_MESSAGE_LENGTH = 4096;

type OwnLine = Pick<Log['data'], 'level' | 'message' | 'timestamp'>;

export function createOwnLog(clock: Clock): OwnLog {
  let lines: OwnLine[] = [];
  let dropped = 0;
  let seq = 0;

  function keep(level: LogLevel, fields: object, message: string, bindings: Record<string, string>): void {
    const text = redactText(renderLine(message, { ...bindings, ...fields })).slice(0, MAX_MESSAGE_LENGTH);
    lines.push({
      level,
      message: text.replace(/\p{Surrogate}/gu, '\ufffd'),
      timestamp: isoTime(clock.nowMs()),
    });
    if (lines.length <= MAX_LINES) return;
    lines.shift();
    dropped += 1;
  }

  function tap(logger: Logger, bindings: Record<string, string>): Logger {
    const pass = (level: 'info' | 'warn' | 'error') => (fields: object, message: string) => {
      logger[level](fields, message);
      keep(level, fields, message, bindings);
    };
    return {
      debug: (fields, message) => logger.debug(fields, message),
      info: pass('info'),
      warn: pass('warn'),
      error: pass('error'),
      child: (more) => tap(logger.child(more), { ...bindings, ...more }),
    };
  }

  return {
    tap: (logger) => tap(logger, {}),
    take(host) {
      const taken = lines;
      if (dropped > 0 && taken[0] !== undefined)
        taken.unshift({ ...taken[0], level: 'warn', message: `skipped ${dropped} lines` });
      lines = [];
      dropped = 0;
      return taken.map((line): Log => {
        seq += 1;
        return { type: 'log', data: { service: OWN_SERVICE, ...line, host, stream: 'stdout', seq: seq - 1 } };
      });
    },
  };
}

/** `docker engine connected docker=unix:///… containers=3`. */
function renderLine(message: string, fields: Record<string, unknown>): string {
  return [message, ...Object.entries(fields).map(([name, value]) => `${name}=${renderValue(value)}`)].join(
    ' ',
  );
}

function renderValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return /[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text;
}
