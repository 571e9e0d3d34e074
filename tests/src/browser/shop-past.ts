/** A small shop on the bus: two hours of past with everything that history has to show, then a message flow that goes on. */
import type { Bus, Clock } from '@pulsewire/runtime';
import { isoTime } from '@pulsewire/runtime';
import type { Alert, BusMessage, ContainerStatus, Log } from '@pulsewire/shared-schema';
import { CHANNELS } from '@pulsewire/shared-schema';

export const SHOP_HOST = 'shop-01';
const PAST_MS = 2 * 3_600_000;
const STEP_MS = 2000;
const MINUTE_MS = 60_000;
/** Nothing is known of these minutes, counted back from now. */
const GAP_MINUTES = { from: 50, to: 40 };
const CRASH_MINUTES_AGO = 20;
const LOG_STEP_MS = 4000;
const MESSAGES: readonly [Log['data']['level'], string][] = [
  ['info', 'GET /cart 200 12ms'],
  ['info', 'order 48213 accepted'],
  ['debug', 'cache hit ratio 0.94'],
  ['warn', 'slow query: SELECT * FROM orders WHERE state = $1 (812 ms)'],
  ['info', 'POST /checkout 201 87ms'],
  ['error', 'payment gateway timed out after 3000 ms'],
];
const SERVICES = ['shop-web', 'shop-api', 'orders-worker'];

export interface ShopLoad {
  /** When `orders-worker` exited, and came back a minute later. Epoch milliseconds. */
  readonly crashMs: number;
  readonly gap: readonly [fromMs: number, toMs: number];
  stop(): void;
}

/** `logsPerSecond`, a multiple of 10: lines that come in live, beside a sample of everything every two seconds. */
export function startShop(bus: Bus, clock: Clock, logsPerSecond = 10): ShopLoad {
  const nowMs = clock.nowMs();
  const crashMs = nowMs - CRASH_MINUTES_AGO * MINUTE_MS;
  const gap = [nowMs - GAP_MINUTES.from * MINUTE_MS, nowMs - GAP_MINUTES.to * MINUTE_MS] as const;
  const past = derivePast(nowMs, crashMs, gap);
  for (const message of past) publish(bus, message);
  let seq = past.length;
  let ticks = 0;
  const cancel = clock.every(100, () => {
    const timeMs = clock.nowMs();
    ticks += 1;
    for (let i = 0; i < logsPerSecond / 10; i += 1) publish(bus, logLine(timeMs, seq + i));
    seq += logsPerSecond / 10;
    if (ticks % 20 !== 0) return;
    for (const message of samplesAt(timeMs)) publish(bus, message);
    if (ticks % 300 === 20) for (const name of SERVICES) publish(bus, status(name, timeMs, {}));
  });
  return { crashMs, gap, stop: cancel };
}

function derivePast(
  nowMs: number,
  crashMs: number,
  [gapFromMs, gapToMs]: readonly [number, number],
): BusMessage[] {
  const known = (timeMs: number) => timeMs < gapFromMs || timeMs > gapToMs;
  const times = (stepMs: number) =>
    Array.from({ length: PAST_MS / stepMs }, (_, index) => nowMs - PAST_MS + index * stepMs).filter(known);
  return [
    ...SERVICES.map((name) => status(name, nowMs - PAST_MS, {})),
    ...times(STEP_MS).flatMap(samplesAt),
    ...times(LOG_STEP_MS).map((timeMs, seq) => logLine(timeMs, seq)),
    alert('firing', crashMs + 5000, crashMs),
    status('orders-worker', crashMs, { status: 'exited', exit_code: 137 }),
    status('orders-worker', crashMs + MINUTE_MS, { status: 'running' }),
    alert('resolved', crashMs + 2 * MINUTE_MS, crashMs),
  ].sort((a, b) => timeOf(a) - timeOf(b));
}

function publish(bus: Bus, message: BusMessage): void {
  bus.publish(message.type === 'log' ? CHANNELS.logs : CHANNELS.metrics, message);
}

function timeOf(message: BusMessage): number {
  return Date.parse(message.type === 'log' ? message.data.timestamp : message.data.time);
}

function samplesAt(timeMs: number): BusMessage[] {
  const wave = (periodS: number, low: number, high: number) =>
    low + ((high - low) * (1 + Math.sin((timeMs / 1000 / periodS) * 2 * Math.PI))) / 2;
  const jitter = ((timeMs / 1000) * 7919) % 6;
  const host = { host: SHOP_HOST };
  const of = (metric_type: string, value: number, unit: string, container?: string): BusMessage => ({
    type: 'system_metric',
    data: {
      time: isoTime(timeMs),
      metric_type,
      value,
      source: container === undefined ? 'host' : 'container',
      meta: { unit, ...host, ...(container === undefined ? {} : { container }) },
    },
  });
  return [
    of('cpu', wave(1700, 12, 78) + jitter, 'percent'),
    of('mem', wave(5000, 48, 71), 'percent'),
    of('disk', 62.5, 'percent'),
    of('load1', wave(1700, 0.3, 3.4), 'load'),
    of('net_rx', wave(900, 4e4, 9e6), 'bytes/s'),
    of('net_tx', wave(1100, 2e4, 4e6), 'bytes/s'),
    ...SERVICES.flatMap((name, index) => [
      of('cpu', wave(600 + 200 * index, 2, 35) + jitter, 'percent', name),
      of('mem_bytes', wave(4000, 9e7, 4e8), 'bytes', name),
    ]),
  ];
}

function status(container: string, timeMs: number, more: Partial<ContainerStatus['data']>): BusMessage {
  const startedAt = isoTime(timeMs - (more.status === 'running' ? 0 : PAST_MS));
  return {
    type: 'container_status',
    data: {
      container,
      id: `id-${container}`,
      image: `shop/${container}:2.14.1`,
      host: SHOP_HOST,
      status: 'running',
      health: 'healthy',
      started_at: startedAt,
      time: isoTime(timeMs),
      ...more,
    },
  };
}

function alert(state: Alert['data']['state'], timeMs: number, startedMs: number): BusMessage {
  return {
    type: 'alert',
    data: {
      alert_id: `${SHOP_HOST}:container_exited:orders-worker:${startedMs}`,
      rule: 'container exited',
      state,
      severity: 'critical',
      metric_type: 'container_status',
      source: 'container',
      value: 137,
      threshold: 0,
      message: state === 'firing' ? 'orders-worker exited with code 137' : 'orders-worker runs again',
      time: isoTime(timeMs),
      started_at: isoTime(startedMs),
      host: SHOP_HOST,
      container: 'orders-worker',
    },
  };
}

function logLine(timeMs: number, seq: number): BusMessage {
  const [level, text] = MESSAGES[seq % MESSAGES.length] ?? ['info', ''];
  return {
    type: 'log',
    data: {
      service: SERVICES[seq % SERVICES.length] ?? '',
      level,
      message: `${text} #${seq}`,
      timestamp: isoTime(timeMs),
      host: SHOP_HOST,
      stream: level === 'error' ? 'stderr' : 'stdout',
      seq,
    },
  };
}
