/**
 * History beside the live path. It is loaded and started once that runs, so that it delays nothing; and when it
 * fails, live monitoring goes on.
 */
import {
  type ApiKey,
  type Bus,
  type createMetrics,
  type Health,
  type Logger,
  type RequestHandler,
  type Stoppable,
  sendHttpError,
} from '@pulsewire/runtime';
import type { AppSettings } from './app-settings.js';

export interface HistoryOptions {
  bus: Bus;
  /** The log of the bus began with this process. */
  ownLog: boolean;
  settings: AppSettings;
  /** Those that hold now. */
  keys(): readonly ApiKey[];
  logger: Logger;
  metrics: ReturnType<typeof createMetrics>;
  health: Health;
}

export interface RunningHistory extends Stoppable {
  /** Answers what is asked of history. */
  handle: RequestHandler;
}

export interface History extends RunningHistory {
  /** Starts it, and returns at once. */
  begin(): void;
}

/** Until it has started, it answers 503. */
export function createHistory(options: HistoryOptions): History {
  let started: RunningHistory | null = null;
  let starting: Promise<void> | null = null;

  async function start(): Promise<void> {
    try {
      const { composeHistory } = await import('./compose-history.js');
      started = await composeHistory(options);
    } catch (error) {
      options.logger.error({ err: error }, 'history cannot be started; the live view goes on without it');
    }
  }

  return {
    begin() {
      starting ??= start();
    },
    handle(request, response) {
      if (started !== null) return started.handle(request, response);
      response.setHeader('retry-after', '1');
      return sendHttpError(response, 'not_ready', 'history is being started');
    },
    async stop() {
      await starting;
      await started?.stop();
    },
  };
}
