/** `pulsewire conform`: is this gateway one? One line a rule, numbered as in the gateway's SPEC.md. */
import { type Clock, systemClock } from '@pulsewire/runtime';
import { BUS_RULES } from './bus-rules.js';
import type { Peer, Rule } from './evidence.js';
import { examine, renderFinding, renderSummary } from './examine.js';
import { HANDSHAKE_RULES, LAST_RULES } from './handshake-rules.js';
import { sayAnswer } from './judging.js';
import { MESSAGE_RULES } from './message-rules.js';
import { createNetworkPeer } from './network-peer.js';
import { STREAM_RULES } from './stream-rules.js';

/** In the order in which they are examined. */
export const RULES: readonly Rule[] = [
  ...HANDSHAKE_RULES,
  ...STREAM_RULES,
  ...MESSAGE_RULES,
  ...BUS_RULES,
  ...LAST_RULES,
];

export interface ConformOptions {
  feedUrl: string;
  key: string;
  long: boolean;
  /** Only these rules, by number; `null` for all. */
  only: readonly string[] | null;
  publish: Peer['publish'];
  /** Takes a line of the report. */
  line(text: string): void;
  clock?: Clock;
}

/** Resolves with the exit code: 0 when no rule is broken, 1 when one is or nothing can be examined. */
export async function runConform(options: ConformOptions): Promise<number> {
  const { line, long, only, clock = systemClock } = options;
  const peer = createNetworkPeer({ ...options, clock });
  const unknown = only?.find((wanted) => !RULES.some(({ id }) => id === wanted));
  const obstacle =
    unknown === undefined ? await findObstacle(peer) : `there is no rule ${unknown} to examine`;
  if (obstacle !== null) {
    line(`nothing was examined: ${obstacle}`);
    return 1;
  }
  const rules = only === null ? RULES : RULES.filter(({ id }) => only.includes(id));
  const findings = await examine({ peer, rules, long, onFinding: (finding) => line(renderFinding(finding)) });
  line(renderSummary(findings));
  return findings.some(({ verdict }) => verdict.kind === 'not ok') ? 1 : 0;
}

/** With one of these a report would be a list of the same failure. */
async function findObstacle(peer: Peer): Promise<string | null> {
  const plain = await peer.ask({});
  if (plain.status === 0) return 'there is no answer at this address';
  if (plain.status === 401) return 'the key is not accepted';
  if (plain.status === 429)
    return `this address is refused for wrong keys, as after an examination; wait ${plain.headers['retry-after'] ?? '60'} s`;
  const opened = await peer.ask({ upgrade: true });
  return opened.status === 101 ? null : `no connection can be opened at this address (${sayAnswer(opened)})`;
}
