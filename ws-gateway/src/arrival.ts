/**
 * An arrival is a message of the bus that was accepted: validated once, numbered, never changed afterwards.
 * `seq` numbers the arrivals of this gateway; it has nothing to do with ids, which belong to a channel's log.
 */

import type { Delivery } from '@pulsewire/runtime';
import {
  type BusMessage,
  type Channel,
  isSample,
  type ParseErrorCode,
  seriesKey,
} from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';

export interface Arrival {
  seq: number;
  channel: Channel;
  /** Position in the channel's log, or `null` for a foreign message. */
  id: string | null;
  message: BusMessage;
  /** The bytes as published. */
  payload: Buffer;
  series: string;
  /** May be conflated: a newer one of the same series replaces it. */
  sample: boolean;
  /** Monotonic time of receipt. */
  receivedMs: number;
}

export type Acceptance = { ok: true; arrival: Arrival } | { ok: false; reason: ParseErrorCode };

/** Validates a delivery. Never throws, whatever the bytes. */
export function acceptDelivery(
  delivery: Pick<Delivery, 'channel' | 'id' | 'bytes'>,
  seq: number,
  receivedMs: number,
): Acceptance {
  const { channel, id, bytes } = delivery;
  const parsed = parseBusMessage(bytes);
  if (!parsed.ok) return { ok: false, reason: parsed.error.code };
  const { message } = parsed;
  const series = seriesKey(message);
  const sample = isSample(message);
  return { ok: true, arrival: { seq, channel, id, message, payload: bytes, series, sample, receivedMs } };
}
