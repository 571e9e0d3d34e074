/** States of the stream in words, for people who watch a terminal. */
import type { StreamState } from '@pulsewire/shared-schema/client';

type Feed = { type: string; data: object };

/** One line, or `null` for what needs no word. `status`: the HTTP status that a refused handshake had, if known. */
export function sayState(state: StreamState, status: number | null): string | null {
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
    case 'waiting': {
      const why = state.reason === 'refused' ? `refused${sayStatus(status)}` : state.reason;
      return `disconnected: ${why}; attempt ${state.attempt} at ${isoTime(state.nextAtMs)}`;
    }
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

function sayStatus(status: number | null): string {
  if (status === null) return ', no answer';
  return status === 404 ? ' (404): is this the address of a gateway?' : ` (${status})`;
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
