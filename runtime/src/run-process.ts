/**
 * What every `main.ts` does around its `start…` function: signals, exit codes, last words.
 * Exit codes (contracts.md §6): 0 stopped as asked, 1 failed while running, 2 bad configuration.
 */
import { keepAlive, systemClock } from './clock.js';
import { ConfigError } from './errors.js';
import type { Stoppable } from './lifecycle.js';
import { redactText } from './redact.js';

const STOP_DEADLINE_MS = 10_000;

/**
 * Runs `start` and keeps the process until SIGTERM or SIGINT, then stops it. A second signal, or 10 s, ends the
 * process anyway; a signal during the start takes effect when it is complete. Never returns control to the caller
 * in a half-stopped state.
 */
export async function runProcess(name: string, start: () => Promise<Stoppable>): Promise<void> {
  process.on('uncaughtException', (error) => die(name, error));
  process.on('unhandledRejection', (reason) => die(name, reason));
  const stopAsked = stopRequested();
  keepAlive();
  let running: Stoppable;
  try {
    running = await start();
  } catch (error) {
    if (!(error instanceof ConfigError)) return die(name, error);
    process.stderr.write(`${name}: ${error.message}\n`);
    return process.exit(2);
  }
  await stopAsked;
  systemClock.after(STOP_DEADLINE_MS, () => process.exit(1));
  try {
    await running.stop();
  } catch (error) {
    return die(name, error);
  }
  process.exit(0);
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
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
