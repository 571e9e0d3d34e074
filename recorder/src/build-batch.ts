/** A stretch of one channel → the rows that one transaction writes. */
import type { Channel, ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';
import type { Batch, DeadLetter, Sample } from '@pulsewire/store';
import { judgeMessage, type TimeBounds } from './judge-message.js';

export interface Entry {
  /** Position in the channel's log; `null` for a foreign message. */
  id: string | null;
  bytes: Buffer;
}

export interface BatchOptions {
  channel: Channel;
  after: string | null;
  token: string;
  entries: readonly Entry[];
  bounds: TimeBounds;
  /** The database refused this entry before; its reason. */
  condemned: { entry: Entry; reason: string } | null;
}

type Mutable<Rows> = { [K in keyof Rows]: Rows[K] extends readonly (infer T)[] ? T[] : Rows[K] };
type Filling = Omit<Mutable<Batch>, 'repeats'> & { repeats: Mutable<Batch['repeats']> };

/** Enough to see what it was: with the number of letters that the store keeps, it bounds their table. */
const MAX_KEPT_CHARACTERS = 4096;
/** NUL, and half of a character that was cut in two. */
const NO_TEXT = /\0|\p{Surrogate}/gu;

export function buildBatch({ channel, after, token, entries, bounds, condemned }: BatchOptions): Batch {
  const batch: Filling = {
    channel,
    after,
    position: entries.findLast(({ id }) => id !== null)?.id ?? after,
    token,
    samples: [],
    containers: [],
    alerts: [],
    databases: [],
    logs: [],
    deadLetters: [],
    repeats: { samples: [], databases: [], logs: [] },
  };
  for (const entry of entries) {
    if (condemned?.entry === entry) batch.deadLetters.push(renderDead(entry, condemned.reason));
    else addEntry(batch, entry, bounds);
  }
  return batch;
}

/** Rows that a batch writes, at most. */
export function countRows(batch: Batch): number {
  const { samples, alerts, databases, logs, deadLetters, repeats } = batch;
  const lists = [samples, alerts, databases, logs, deadLetters, ...Object.values(repeats)];
  return lists.reduce((sum, { length }) => sum + length, 0);
}

function addEntry(batch: Filling, entry: Entry, bounds: TimeBounds): void {
  const judgement = judgeMessage(entry.bytes, bounds);
  if (judgement.kind === 'dead') batch.deadLetters.push(renderDead(entry, judgement.reason));
  if (judgement.kind !== 'record') return;
  const { message } = judgement;
  // Its producer could not know whether an earlier one arrived, which may be in another batch, or recorded long ago.
  const rows = message.redelivered === true ? batch.repeats : batch;
  switch (message.type) {
    case 'system_metric':
      rows.samples.push(renderSample(message.data));
      return;
    case 'container_status':
      batch.containers.push(message.data);
      rows.samples.push(renderStatusSample(message.data));
      return;
    case 'alert':
      batch.alerts.push(message.data);
      return;
    case 'database_status':
      rows.databases.push(message.data);
      return;
    case 'log':
      rows.logs.push(message.data);
      return;
    case 'check_result':
    case 'service_status':
    case 'incident':
      return;
  }
}

function renderSample({ metric_type, source, time, value, meta }: SystemMetric['data']): Sample {
  return {
    metricType: metric_type,
    source,
    host: meta.host ?? null,
    container: meta.container ?? null,
    mount: meta.mount ?? null,
    core: meta.core ?? null,
    unit: meta.unit ?? null,
    time,
    value,
    meta: JSON.stringify(meta),
  };
}

/** Specification 000: `container_status` is a row of its own, 1.0 while the container runs, otherwise 0.0. */
function renderStatusSample({ container, host, status, time }: ContainerStatus['data']): Sample {
  return {
    metricType: 'container_status',
    source: 'container',
    host: host ?? null,
    container,
    mount: null,
    core: null,
    unit: null,
    time,
    value: status === 'running' ? 1 : 0,
    meta: JSON.stringify({ ...(host === undefined ? {} : { host }), container, status }),
  };
}

function renderDead({ id, bytes }: Entry, reason: string): DeadLetter {
  const text = bytes.toString('utf8').slice(0, MAX_KEPT_CHARACTERS);
  return { id, payload: text.replaceAll(NO_TEXT, '\ufffd'), reason };
}
