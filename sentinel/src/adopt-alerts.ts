/**
 * Once a run, reads the channel's log for alerts that an earlier run left firing, and hands them on. The bus may be
 * down at the start, or go down meanwhile: then it begins anew when the bus is up. Nothing waits for it but alerts
 * that would fire, and those not for long.
 */
import type { Bus, Cancel, Clock, Logger, Stoppable } from '@pulsewire/runtime';
import { CHANNELS, LIMITS } from '@pulsewire/shared-schema';
import { ALERT_START, type OwnAlert } from './alerts/own-alert.js';
import { createUnresolved } from './alerts/unresolved.js';

export interface AdoptAlertsOptions {
  bus: Pick<Bus, 'state' | 'onState' | 'readLog'>;
  host: string;
  clock: Clock;
  logger: Logger;
  /** Called at most once: what fired and did not resolve, oldest first. */
  onUnresolved(unresolved: readonly OwnAlert[]): void;
  /** The log could not be read in time: alerts fire from now on. At most once, and never after the other. */
  onLate(): void;
}

/** Alerts wait this long for the log. Reading a full one takes about a second. */
const LATE_MS = 5000;
const RETRY_MS = 30_000;
/** Small, because a page is in memory as a whole. */
const PAGE_ALERTS = 200;
/** What is appended while reading is this run's; a flood of it must not be followed for ever. */
const MAX_PAGES = (2 * LIMITS.logEntries) / PAGE_ALERTS;

export function adoptAlerts(options: AdoptAlertsOptions): Stoppable {
  const { bus, host, clock, logger } = options;
  let reading = false;
  let over = false;
  let warned = false;
  let cancelRetry: Cancel = () => {};

  async function readUnresolved(): Promise<OwnAlert[]> {
    const unresolved = createUnresolved(host);
    let after: string | null = null;
    for (let page = 0; page < MAX_PAGES && !over; page += 1) {
      const options = { after, limit: PAGE_ALERTS, startsWith: ALERT_START };
      const { entries } = await bus.readLog(CHANNELS.metrics, options);
      for (const { bytes } of entries) unresolved.note(bytes);
      after = entries.at(-1)?.id ?? after;
      if (entries.length < PAGE_ALERTS) break;
    }
    return unresolved.all();
  }

  async function run(): Promise<void> {
    if (reading || over || bus.state.status === 'down') return;
    reading = true;
    cancelRetry();
    try {
      const unresolved = await readUnresolved();
      if (over) return;
      end();
      options.onUnresolved(unresolved);
      if (unresolved.length > 0)
        logger.info({ alerts: unresolved.length }, 'alerts of an earlier run are taken over or ended');
    } catch (error) {
      if (over) return;
      // The bus itself tells when it is down.
      const unexpected = bus.state.status === 'up' && !warned;
      if (unexpected) logger.warn({ err: error }, 'the log could not be read for alerts of an earlier run');
      warned ||= unexpected;
      cancelRetry = clock.after(RETRY_MS, () => void run());
    } finally {
      reading = false;
    }
  }

  function end(): void {
    over = true;
    unwatch();
    cancelLate();
    cancelRetry();
  }

  const cancelLate = clock.after(LATE_MS, options.onLate);
  const unwatch = bus.onState(() => void run());
  void run();
  return {
    async stop() {
      end();
    },
  };
}
