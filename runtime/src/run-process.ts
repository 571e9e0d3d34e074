/**
 * What every `main.ts` does around its `start…` function: signals, exit codes, last words.
 * Exit codes (contracts.md §6): 0 stopped as asked, 1 failed while running, 2 bad configuration.
 */
import { keepAlive, systemClock } from './clock.js';
import { ConfigError } from './errors.js';
import type { Stoppable } from './lifecycle.js';
import { redactText } from './redact.js';

export interface Running extends Stoppable {
  /** What SIGHUP asks for. Where there is nothing to read again, it is the terminal that goes away, and stops. */
  reload?: (() => void) | null;
}

const STOP_DEADLINE_MS = 10_000;

/**
 * Runs `start` and keeps the process until SIGTERM, SIGINT or a SIGHUP that reloads nothing, then stops it. A second
 * SIGTERM or SIGINT, or 10 s, ends the process anyway; a signal during the start takes effect when it is complete.
 * Never returns control to the caller in a half-stopped state.
 */
export async function runProcess(name: string, start: () => Promise<Running>): Promise<void> {
  process.on('uncaughtException', (error) => die(name, error));
  process.on('unhandledRejection', (reason) => die(name, reason));
  const { whenAsked, stop } = stopRequested();
  let running: Running | null = null;
  let hungUp = false;
  process.on('SIGHUP', () => {
    if (running === null) hungUp = true;
    else (running.reload ?? stop)();
  });
  keepAlive();
  try {
    running = await start();
    if (hungUp) (running.reload ?? stop)();
  } catch (error) {
    if (!(error instanceof ConfigError)) return die(name, error);
    process.stderr.write(`${name}: ${error.message}\n`);
    return process.exit(2);
  }
  await whenAsked;
  systemClock.after(STOP_DEADLINE_MS, () => process.exit(1));
  try {
    await running.stop();
  } catch (error) {
    return die(name, error);
  }
  process.exit(0);
}

function stopRequested(): { whenAsked: Promise<void>; stop(): void } {
  let stop = () => {};
  const whenAsked = new Promise<void>((resolve) => {
    let asked = false;
    stop = () => {
      asked = true;
      resolve();
    };
    const onSignal = () => {
      if (asked) process.exit(1);
      stop();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
  return { whenAsked, stop };
}

function die(name: string, error: unknown): never {
  process.stderr.write(`${name}: ${redactText(describe(error))}\n`);
  process.exit(1);
}

/** An error with a code is one that we foresaw: its message tells the fix, and a stack would only hide it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
