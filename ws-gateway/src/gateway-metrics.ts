/** What the gateway counts, for `/metrics`. Hot paths count once per flush, never per client. */
import { counter, gauge, tallyCounter, tallyHistogram } from '@pulsewire/runtime';
import { CLOSE_CODES, type ParseErrorCode } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import type { GatewayRefusalCode } from './handshake.js';
import { HOPS, type Hop } from './hop-delays.js';

export interface GatewayMetrics {
  handshakeRefused(code: GatewayRefusalCode): void;
  handshakeAccepted(): void;
  busMessage(): void;
  busMessageRefused(reason: ParseErrorCode): void;
  /** One flush of one lane: its messages, the packet's size and how many clients got it. */
  sent(messages: number, packetBytes: number, clients: number): void;
  /** Milliseconds that a message took from one hop to the next. */
  hop(name: Hop, delayMs: number): void;
  conflated(messages: number): void;
  clientError(): void;
  closed(code: number): void;
}

export interface GatewayGauges {
  clients(): number;
  lanes(): number;
  snapshotEntries(): number;
  snapshotBytes(): number;
  recentMessages(): number;
  recentBytes(): number;
  slowClients(): number;
  unsentBytes(): { sum: number; largest: number };
  /** For each client that catches up or is slow, and for each lane. Payloads that are shared count for each. */
  heldBytes(): readonly number[];
}

/** Ours, and those that RFC 6455 §7.4.1 gives to every endpoint; a client may send any other number. */
const CLOSE_LABELS = new Set<number>([...Object.values(CLOSE_CODES), 1000, 1002, 1005, 1006, 1007]);
const DELAY_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

export function createGatewayMetrics(registry: Registry, gauges: GatewayGauges): GatewayMetrics {
  gauge(registry, 'clients', 'Connected WebSocket clients.', gauges.clients);
  gauge(registry, 'lanes', 'Different selections that clients receive.', gauges.lanes);
  gauge(registry, 'snapshot_entries', 'Series kept for new clients.', gauges.snapshotEntries);
  gauge(registry, 'snapshot_bytes', 'Memory of the series kept for new clients.', gauges.snapshotBytes);
  gauge(registry, 'recent_messages', 'Messages kept for clients that resume.', gauges.recentMessages);
  gauge(registry, 'recent_bytes', 'Size of the messages kept for clients that resume.', gauges.recentBytes);
  gauge(registry, 'clients_slow', 'Clients thinned because they read too slowly.', gauges.slowClients);
  const { unsentBytes, heldBytes } = gauges;
  gauge(registry, 'unsent_bytes', 'Bytes that wait for clients to read.', () => unsentBytes().sum);
  gauge(registry, 'unsent_bytes_largest', 'The same for one client.', () => unsentBytes().largest);
  gauge(
    registry,
    'held_bytes',
    'Bytes kept back for clients that catch up or are slow, and by the limit.',
    () => heldBytes().reduce((sum, bytes) => sum + bytes, 0),
  );
  gauge(registry, 'held_bytes_largest', 'The same for one client or selection.', () =>
    heldBytes().reduce((largest, bytes) => Math.max(largest, bytes), 0),
  );
  const refused = counter(registry, 'handshakes_refused_total', 'Handshakes refused, by code.', ['code']);
  const accepted = counter(registry, 'handshakes_accepted_total', 'Handshakes accepted.');
  const received = tallyCounter(
    registry,
    'bus_messages_total',
    'Bus messages received, refused ones included.',
  );
  const invalid = counter(registry, 'bus_messages_refused_total', 'Bus messages that did not validate.', [
    'reason',
  ]);
  const messages = tallyCounter(registry, 'messages_sent_total', 'Messages written, once for every client.');
  const bytes = tallyCounter(registry, 'bytes_sent_total', 'Bytes written, once for every client.');
  const thinned = counter(
    registry,
    'messages_conflated_total',
    'Samples skipped for a newer one, per client.',
  );
  const clientErrors = counter(registry, 'client_errors_total', 'Client messages answered with error 400.');
  const closes = counter(registry, 'clients_closed_total', 'Connections ended, by close code.', ['code']);
  const hops = tallyHistogram(registry, 'hop_delay_seconds', 'From hop to hop of a message on its way.', {
    ...{ buckets: DELAY_BUCKETS_S, label: 'hop', values: HOPS },
  });
  return {
    handshakeRefused: (code) => refused.inc({ code }),
    handshakeAccepted: () => accepted.inc(),
    busMessage: () => received(1),
    busMessageRefused: (reason) => invalid.inc({ reason }),
    sent(count, packetBytes, clients) {
      messages(count * clients);
      bytes(packetBytes * clients);
    },
    hop: (name, delayMs) => hops[name].observe(delayMs / 1000),
    conflated: (count) => thinned.inc(count),
    clientError: () => clientErrors.inc(),
    closed: (code) => closes.inc({ code: CLOSE_LABELS.has(code) ? String(code) : 'other' }),
  };
}
