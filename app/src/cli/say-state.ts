/** States of the stream in words, for people who watch a terminal. */
import type { LossReason, StreamState } from '@pulsewire/shared-schema/client';
import type { Refusal } from './frame-source.js';

type Feed = { type: string; data: object };

/** Why there is no connection, as far as known: the gateway's refusal, or what the system says. */
export interface Hindrance {
  refusal: Refusal | null;
  failure: string | null;
}

/** Others' words are cut here. */
const LONGEST_WORDS = 200;

/** One line, or `null` for what needs no word. */
export function sayState(state: StreamState, hindrance: Hindrance): string | null {
  switch (state.name) {
    case 'idle':
    case 'closed':
    case 'connecting':
      return null;
    case 'live':
      return 'live';
    case 'degraded': {
      const last = state.lastMessageAtMs === null ? 'none yet' : isoTime(state.lastMessageAtMs);
      return `degraded: ${state.cause} since ${isoTime(state.sinceMs)}, last message ${last}`;
    }
    case 'waiting':
      return `disconnected: ${sayWhy(state.reason, hindrance)}; attempt ${state.attempt} at ${isoTime(state.nextAtMs)}`;
    case 'rejected':
      return state.status === 401
        ? 'rejected: 401, the gateway does not accept this key'
        : 'rejected: 403, the gateway does not accept this key here';
  }
}

/** What the gateway says about itself, as far as it concerns who reads the messages. */
export function sayFeed({ type, data }: Feed): string | null {
  const fields = data as Record<string, unknown>;
  if (type === 'notice') return `thinned: ${fields['skipped']} samples skipped in ${fields['window_ms']} ms`;
  if (type === 'hello' && fields['resumed'] === 'partial')
    return 'resumed in part: the log does not reach back far enough, some messages are lost';
  if (type === 'error' && fields['code'] === 400) return `the gateway refused: ${fields['message']}`;
  return null;
}

function sayWhy(reason: LossReason, { refusal, failure }: Hindrance): string {
  if (refusal === null) return failure === null ? reason : `${reason} (${failure.slice(0, LONGEST_WORDS)})`;
  const { status, message } = refusal;
  if (status === 404) return 'refused (404): is this the address of a gateway?';
  return `refused (${message === null ? status : `${status}: ${message.slice(0, LONGEST_WORDS)}`})`;
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
