/** One logger per process, children with a `component`. Every line passes {@link redactText}. */
import { type Logger as PinoLogger, pino } from 'pino';
import { redactText } from './redact.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The part of pino that our code uses: fields first, then one sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: Record<string, string>): Logger;
}

export interface LoggerOptions {
  level: LogLevel;
  format: 'pretty' | 'json';
  /** Where lines go: stdout, unless a test wants to read them. */
  destination?: { write(line: string): void };
}

/** `pretty` loads its formatter only when asked, because it costs memory in daemons. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const destination = options.destination ?? process.stdout;
  const sink = options.format === 'pretty' ? await prettySink(destination) : destination;
  const settings = { level: options.level, base: null, hooks: { streamWrite: redactText } };
  const logger: PinoLogger = pino(settings, sink);
  return logger;
}

/** Drops everything: for tests and for callers that want no log. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

async function prettySink(destination: { write(line: string): void }) {
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line: string) => destination.write(format(line)) };
}
