/** What a closed socket means. Source of the codes: contracts.md §2. */
import { CLOSE_CODES } from '../names.js';
import type { LinkEvent } from './reconnect-state.js';
import type { LossReason } from './types.js';

const REASONS: ReadonlyMap<number, LossReason> = new Map<number, LossReason>([
  [CLOSE_CODES.goingAway, 'server_restart'],
  [CLOSE_CODES.serviceRestart, 'server_restart'],
  [CLOSE_CODES.tooSlow, 'too_slow'],
  [CLOSE_CODES.policy, 'policy'],
  [CLOSE_CODES.tooBig, 'policy'],
  // "No close frame was received": the connection broke.
  [1006, 'network_error'],
]);

/** `wasOpen`: the handshake had succeeded. Without it, the platform does not tell why the server refused. */
export function deriveCloseEvent(code: number, wasOpen: boolean): LinkEvent {
  if (code === CLOSE_CODES.keyRevoked) return { type: 'revoked' };
  if (!wasOpen) return { type: 'refused' };
  return { type: 'lost', reason: REASONS.get(code) ?? 'closed' };
}
