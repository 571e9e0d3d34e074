/** Composition of the collector daemon: readings → samples → bus, and past the alert rules. */
import {
  type Bus,
  type Clock,
  createLifecycle,
  type Health,
  type Logger,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import { adoptAlerts } from './adopt-alerts.js';
import { createAlertEngine } from './alerts/alert-engine.js';
import { createHostCollectors } from './collect/host-collectors.js';
import { CONTAINER_COLLECTOR, createContainerCollector } from './docker/container-collector.js';
import { renderStatus } from './docker/container-message.js';
import { openDockerode } from './docker/dockerode-engine.js';
import { watchDocker } from './docker/watch-docker.js';
import { createOwnLog, type OwnLog } from './logs/own-log.js';
import { type Logs, prepareLogs, startLogs } from './logs/start-logs.js';
import { startProbes } from './probe/start-probes.js';
import { createPublisher } from './publisher.js';
import { startSampler } from './sampling/sampler.js';
import { createSentinelMetrics, exposeStaleness } from './sentinel-metrics.js';
import type { SentinelSettings } from './settings.js';

export interface SentinelOptions {
  bus: Bus;
  settings: SentinelSettings;
  logger: Logger;
  metrics: Parameters<typeof createSentinelMetrics>[0];
  health: Health;
  clock?: Clock;
  /** What already keeps the lines of `logger`. Default: one of its own, for the sentinel's lines only. */
  ownLog?: OwnLog;
}

/** Readings at most this far apart count as uninterrupted for `for` in a rule. */
const MAX_GAP_INTERVALS = 5;
const MIN_MAX_GAP_MS = 10_000;

export async function startSentinel(options: SentinelOptions): Promise<Stoppable> {
  const { bus, settings, health } = options;
  const clock = options.clock ?? systemClock;
  const ownLog = options.ownLog ?? createOwnLog(clock);
  const tapped = options.ownLog === undefined ? ownLog.tap(options.logger) : options.logger;
  const logger = tapped.child({ component: 'sentinel' });
  const metrics = createSentinelMetrics(options.metrics);
  const intervalMs = settings.sampleIntervalMs;
  const host = settings.hostName;
  const alerts = createAlertEngine({
    rules: settings.alertRules,
    host,
    maxGapMs: Math.max(MIN_MAX_GAP_MS, MAX_GAP_INTERVALS * intervalMs),
  });
  alerts.hold();
  const prepared = await prepareLogs(settings);
  const publisher = createPublisher({ bus, host, alerts, metrics });
  const lifecycle = createLifecycle();

  let logs: Logs | null = null;
  const docker = lifecycle.own(
    watchDocker({
      address: settings.dockerHost,
      open: () => openDockerode(settings.dockerHost, clock),
      clock,
      logger,
      onReports(reports, timeMs) {
        const statuses = reports.map((report) => renderStatus(report, host, timeMs));
        publisher.publishStatuses(statuses, timeMs);
        logs?.onChanged();
      },
      onListed(ids, timeMs) {
        publisher.publishAlerts(alerts.observePresent(ids, timeMs));
        logs?.onListed();
      },
      onEvent: metrics.dockerEvent,
    }),
  );
  logs = lifecycle.own(
    startLogs(prepared, { bus, docker, ownLog, settings, clock, logger, onLines: metrics.logLines }),
  );
  health.register('docker', () => docker.state, { critical: false });
  health.describe('containers', () => docker.containers);

  const containers = createContainerCollector(docker, clock, (samples) =>
    publisher.publishBatches([{ origin: CONTAINER_COLLECTOR, timeMs: clock.nowMs(), samples }]),
  );
  const collectors = [...createHostCollectors(clock), containers];
  const sampler = lifecycle.own(
    startSampler({
      collectors,
      intervalMs,
      clock,
      logger,
      events: {
        onBatches: publisher.publishBatches,
        onCollected: metrics.collected,
        onFailed: metrics.failed,
        onSkipped: metrics.skippedTicks,
      },
    }),
  );
  lifecycle.own(
    adoptAlerts({
      bus,
      host,
      clock,
      logger,
      onUnresolved: (unresolved) => publisher.publishAlerts(alerts.adopt(unresolved, clock.nowMs())),
      onLate: () => publisher.publishAlerts(alerts.release()),
    }),
  );
  lifecycle.own(
    startProbes({
      targets: settings.probeDatabases,
      host,
      clock,
      logger,
      health,
      onStatus: publisher.publishDatabase,
    }),
  );
  for (const { name } of collectors)
    health.describe(`${name}_stale_s`, () => sampler.staleForMs(name) / 1000);
  health.describe('alerts_firing', () => alerts.firing);
  exposeStaleness(
    options.metrics,
    () => Math.max(...collectors.map(({ name }) => sampler.staleForMs(name))) / 1000,
  );
  return lifecycle;
}
