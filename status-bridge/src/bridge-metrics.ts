/** What the bridge counts, for `/metrics`. */
import { counter, gauge } from '@pulsewire/runtime';
import type { Registry } from 'prom-client';
import type { BridgeRefusalCode } from './refusal.js';

export interface BridgeMetrics {
  /** One question to the database ended. */
  asked(outcome: 'answered' | 'refused' | 'failed'): void;
  refused(code: BridgeRefusalCode): void;
  logLines(sent: number, skipped: number): void;
  cutOff(reason: 'flood' | 'slow' | 'crowd'): void;
}

export interface BridgeGauges {
  clients(): number;
  reachable(): boolean;
}

export function createBridgeMetrics(registry: Registry, gauges: BridgeGauges): BridgeMetrics {
  gauge(registry, 'bridge_clients', 'Connected Socket.IO clients.', gauges.clients);
  gauge(registry, 'bridge_host_reachable', '1 while the database gives a status.', () =>
    gauges.reachable() ? 1 : 0,
  );
  const asked = counter(registry, 'bridge_questions_total', 'Questions to the database.', ['outcome']);
  const refused = counter(registry, 'bridge_refused_total', 'Requests and clients refused.', ['code']);
  const sent = counter(registry, 'bridge_log_lines_total', 'Log lines streamed, each once.');
  const skipped = counter(registry, 'bridge_log_lines_skipped_total', 'Log lines that came too fast.');
  const cutOff = counter(registry, 'bridge_cut_off_total', 'Connections ended by us.', ['reason']);
  return {
    asked: (outcome) => asked.inc({ outcome }),
    refused: (code) => refused.inc({ code }),
    logLines(sentLines, skippedLines) {
      sent.inc(sentLines);
      skipped.inc(skippedLines);
    },
    cutOff: (reason) => cutOff.inc({ reason }),
  };
}
