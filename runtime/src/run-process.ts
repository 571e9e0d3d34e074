/**
 * What every `main.ts` does around its `start…` function: signals, exit codes, last words.
 * Exit codes (contracts.md §6): 0 stopped as asked, 1 failed while running, 2 bad configuration.
 */
import { ConfigError } from './errors.js';
import type { Stoppable } from './lifecycle.js';

const STOP_DEADLINE_MS = 10_000;

/**
 * Runs `start` and keeps the process until SIGTERM or SIGINT, then stops it. A second signal, or 10 s, ends the
 * process anyway. Never returns control to the caller in a half-stopped state.
 */
export async function runProcess(name: string, start: () => Promise<Stoppable>): Promise<void> {
  process.on('uncaughtException', (error) => die(name, error));
  process.on('unhandledRejection', (reason) => die(name, reason));
  let running: Stoppable;
  try {
    running = await start();
  } catch (error) {
    if (!(error instanceof ConfigError)) return die(name, error);
    process.stderr.write(`${name}: ${error.message}\n`);
    return process.exit(2);
  }
  await stopRequested();
  const deadline = setTimeout(() => process.exit(1), STOP_DEADLINE_MS);
  deadline.unref();
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
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${name}: ${text}\n`);
  process.exit(1);
}
