/** The English catalogue, and the shape that every other one must have. */

import type { ContainerHealth, ContainerStatusName, PageName, Severity } from '@pulsewire/shared-schema';
import type { LossReason } from '@pulsewire/shared-schema/client';
import type { EngineState } from '../live/engine-report.js';
import type { Freshness } from '../live/freshness.js';
import type { ContainerColumn } from '../live/sorting.js';
import type { BadgeState } from '../live/views.js';

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export const en = {
  app: {
    name: 'Pulsewire',
    skip: 'Skip to the content',
    hosts: (n: number) => count(n, 'host', 'hosts'),
    unnamedHost: 'Unnamed host',
    chooseHost: 'Host',
  },
  nav: {
    label: 'Pages',
    page: {
      dashboard: 'Live',
      history: 'History',
      logs: 'Logs',
      infrastructure: 'Infrastructure',
    } satisfies Record<PageName, string>,
    loading: 'Loading …',
    failedTitle: 'This page could not be loaded',
    failed: 'The server did not send it, or a newer version was installed in the meantime.',
    reload: 'Load again',
  },
  controls: {
    language: 'Language',
    otherLanguage: '한국어로 보기',
    theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    notify: {
      default: 'Allow browser notifications for alerts',
      granted: 'Browser notifications for alerts are on',
      denied: 'Browser notifications are blocked in the browser’s settings for this page',
      unsupported: 'This browser has no notifications',
    },
    forgetKey: 'Forget the API key',
    retryNow: 'Retry now',
    dismiss: (what: string) => `Dismiss: ${what}`,
  },
  gate: {
    title: 'Connect to this Pulsewire',
    explain: 'Paste the API key. It is kept in this browser tab only, until the tab is closed.',
    label: 'API key',
    submit: 'Connect',
    show: 'Show',
    hide: 'Hide',
    empty: 'Enter a key first.',
    rejected401: 'The gateway does not accept this key (401). Check it, or ask for a new one.',
    rejected403: 'The gateway does not allow this page’s address (403). Its ALLOWED_ORIGINS must name it.',
    hint: 'An embedded start prints a link that carries the key.',
  },
  connection: {
    label: 'Connection',
    state: {
      idle: 'Not connected',
      connecting: 'Connecting',
      live: 'Live',
      degraded: 'Degraded',
      waiting: 'Waiting',
      rejected: 'Rejected',
      closed: 'Closed',
      stale: 'Silent',
    } satisfies Record<BadgeState, string>,
    retryIn: (seconds: number) => `retry in ${seconds} s`,
    attempt: (n: number) => `attempt ${n}`,
    latency: (p50: string, p99: string) => `p50 ${p50} · p99 ${p99}`,
    latencyExplain:
      'From measurement to this page, over the last minute: half of the messages, and 99 of 100',
    thinned: 'Thinned',
    thinnedExplain: 'More messages than the limit: only the newest value of each series is sent',
  },
  reason: {
    refused: 'the gateway refused the connection',
    closed: 'the gateway closed the connection',
    silent: 'the gateway went silent',
    server_restart: 'the gateway is restarting',
    too_slow: 'this page was too slow to keep up',
    policy: 'the gateway ended the connection',
    network_error: 'the gateway cannot be reached',
  } satisfies Record<LossReason, string>,
  banner: {
    degradedTitle: 'Service unavailable (503)',
    degraded: (cause: string, since: string, length: string) => `${cause} – since ${since} (${length}).`,
    causes: { redis_unavailable: 'The gateway has lost its message source, Redis' } as Record<string, string>,
    unknownCause: (code: string) => `The gateway reports “${code}”`,
    lastValues: (at: string) => `Values below are as of ${at}.`,
    noValues: 'No values have been received.',
    disconnectedTitle: 'Disconnected',
    disconnected: (reason: string, since: string, length: string) =>
      `${capital(reason)}, since ${since} (${length}).`,
    reconnecting: 'Connecting again …',
    retryIn: (seconds: number) => `Next attempt in ${seconds} s.`,
    closedTitle: 'Connection closed',
    closed: 'This page does not receive data any more.',
    staleTitle: 'No data is coming in',
    stale: 'The connection stands, but no host has sent a sample for some time.',
  },
  empty: {
    title: 'Waiting for the first sample',
    connecting: 'Connecting to the gateway …',
    live: 'Connected. Values appear as soon as a sentinel publishes them.',
    degraded: 'The gateway has no data to send at the moment.',
    disconnected: 'There is no connection to the gateway.',
    notReadable: 'This key may not read this.',
    containersNone: 'No containers',
    engine: {
      unknown: {
        title: 'No container data',
        explain: () =>
          'No host has reported a container: there is none, its sentinel reaches no Docker Engine, or this key may not read them.',
      },
      empty: { title: 'No containers', explain: () => 'The Docker Engine answers; it has no containers.' },
      down: {
        title: 'No Docker Engine',
        explain: (cause: string) =>
          `The Docker Engine cannot be reached (${cause}); it is tried again and again. DOCKER_HOST says where it is.`,
      },
    } satisfies Record<EngineState['name'], { title: string; explain: (cause: string) => string }>,
    filterNone: (filter: string) => `No container matches “${filter}”.`,
    alertsNone: 'No alerts.',
    alertsUnknown: 'The gateway has not told yet whether anything is firing.',
  },
  freshness: {
    empty: 'no data yet',
    live: 'live',
    stale: 'stale',
    degraded: '503',
    disconnected: 'offline',
  } satisfies Record<Freshness, string>,
  asOf: (at: string) => `as of ${at}`,
  level: { ok: 'normal', warning: 'high', critical: 'critical' },
  gauge: {
    cpu: 'CPU',
    mem: 'Memory',
    swap: 'Swap',
    disk: 'Disk',
    load: 'Load',
    loadExplain: 'Load average over 1, 5 and 15 minutes',
    network: 'Network',
    diskIo: 'Disk I/O',
    receive: 'in',
    transmit: 'out',
    read: 'read',
    write: 'write',
    temperature: 'Temperature',
    uptime: 'Uptime',
    mounts: 'Disks',
    cores: (n: number) => count(n, 'core', 'cores'),
    core: (n: number) => `Core ${n}`,
    highest: (value: string) => `highest ${value}`,
    showCores: 'Show each core',
    hideCores: 'Hide cores',
    more: (n: number) => `${n} more`,
    fewer: 'Show fewer',
  },
  chart: {
    title: 'Last 5 minutes',
    describe: (what: string) => `${what}, line chart of the last 5 minutes`,
  },
  containers: {
    title: 'Containers',
    filter: 'Filter containers',
    shown: (shown: number, all: number) => (shown === all ? `${all}` : `${shown} of ${all}`),
    column: {
      name: 'Name',
      host: 'Host',
      status: 'State',
      health: 'Health',
      cpu: 'CPU',
      mem: 'Memory',
      image: 'Image',
      uptime: 'Uptime',
    } satisfies Record<ContainerColumn, string>,
    status: {
      running: 'running',
      exited: 'exited',
      paused: 'paused',
      restarting: 'restarting',
      created: 'created',
      dead: 'dead',
      removing: 'removing',
    } satisfies Record<ContainerStatusName, string>,
    health: {
      healthy: 'healthy',
      unhealthy: 'unhealthy',
      starting: 'starting',
      none: 'no check',
    } satisfies Record<ContainerHealth, string>,
    exitCode: (code: number) => `code ${code}`,
    showAll: (n: number) => `Show all ${n}`,
  },
  alerts: {
    title: 'Alerts',
    firing: (n: number) => (n === 0 ? 'none firing' : `${n} firing`),
    unknown: 'not known',
    recent: 'Resolved',
    severity: { warning: 'Warning', critical: 'Critical' } satisfies Record<Severity, string>,
    firingNow: 'Firing now',
    firingLast: 'Firing when last heard of',
    andMore: (n: number) => `and ${n} more`,
    ended: 'Resolved',
    replay: 'Replay',
    forLength: (length: string) => `for ${length}`,
    endedAt: (at: string, length: string) => `resolved ${at}, after ${length}`,
  },
  duration: {
    days: (n: number) => `${n} d`,
    hours: (n: number) => `${n} h`,
    minutes: (n: number) => `${n} min`,
    seconds: (n: number) => `${n} s`,
  },
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export type Messages = typeof en;
