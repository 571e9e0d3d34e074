/** The sentinel's settings (contracts.md §6). */
import { hostname } from 'node:os';
import { type ConfigOf, integer, parsed, type Settings, text } from '@pulsewire/runtime';
import { parseAlertRules } from './alerts/rule-grammar.js';
import { parseDockerHost } from './docker/docker-host.js';
import { parseContainerFilter } from './logs/container-filter.js';
import { parseProbeTargets } from './probe/probe-target.js';

export const sentinelSettings = {
  sampleIntervalMs: integer('SAMPLE_INTERVAL_MS', { default: 1000, min: 250, max: 60_000 }),
  hostName: text('HOST_NAME', {
    default: hostname().slice(0, 128) || 'localhost',
    pattern: /^\P{C}{1,128}$/u,
    allowed: 'must be 1 to 128 printable characters',
  }),
  dockerHost: parsed('DOCKER_HOST', { parse: parseDockerHost }),
  alertRules: parsed('ALERT_RULES', { parse: parseAlertRules }),
  logContainers: parsed('LOG_CONTAINERS', { parse: parseContainerFilter }),
  logLinesPerSecond: integer('LOG_LINES_PER_SECOND', { default: 1000, min: 1, max: 100_000 }),
  /** Where the place in each log is kept over restarts; without, a start begins with what is written from then on. */
  stateDir: text('STATE_DIR', { default: undefined }),
  probeDatabases: parsed('PROBE_DATABASES', { secret: true, parse: parseProbeTargets }),
} satisfies Settings;

export type SentinelSettings = ConfigOf<typeof sentinelSettings>;
