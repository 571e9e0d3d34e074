/** Why somebody gets no answer, as HTTP and Socket.IO tell it. */
import { REFUSALS } from '@pulsewire/shared-schema';
import { REST_ERRORS } from '@pulsewire/shared-schema/rest';

const CODES = { ...REFUSALS, ...REST_ERRORS };
export type BridgeRefusalCode =
  | 'unauthorized'
  | 'forbidden'
  | 'forbidden_origin'
  | 'too_many_failures'
  | 'too_many_requests'
  | 'too_many_clients'
  | 'not_ready'
  | 'shutting_down';

export interface Refusal {
  code: BridgeRefusalCode;
  /** Of the HTTP answer. */
  status: number;
  message: string;
  /** When it may be worth trying again; `null` when nobody knows. */
  retryAfterMs: number | null;
}

const MESSAGES: Record<BridgeRefusalCode, string> = {
  unauthorized: 'a valid key is needed',
  forbidden: 'the key is good, but not for this',
  forbidden_origin: 'pages of this origin may not ask; see BRIDGE_ALLOWED_ORIGINS',
  too_many_failures: 'too many wrong keys from this address',
  too_many_requests: 'too many requests; ask less often',
  too_many_clients: 'every place is taken',
  not_ready: 'there is no status yet',
  shutting_down: 'the bridge is about to end',
};

export function refusal(
  code: BridgeRefusalCode,
  retryAfterMs: number | null = null,
  message: string = MESSAGES[code],
): Refusal {
  return { code, status: CODES[code], message, retryAfterMs };
}

/** Headers of the HTTP answer beside its body. */
export function refusalHeaders({ retryAfterMs }: Refusal): Record<string, string> {
  return retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
}
