/**
 * What a client's frames lead to: pure, one instance per client. Anything that is not a `ping` or a well-formed
 * `subscribe` is answered with an error that names the field; the tenth such within a minute, and the 21st
 * message within a second, end the connection. Source: contracts.md §2.
 */
import { CLOSE_CODES, type CloseCode, LIMITS, type Topic } from '@pulsewire/shared-schema';
import { parseClientMessage } from '@pulsewire/shared-schema/parse';
import { readSelection, type Selection } from './selection.js';
import { createWindowCounter } from './window-counter.js';

export type ClientAction =
  | { name: 'pong'; t: number }
  | { name: 'select'; selection: Selection; after: string | null }
  | { name: 'reject'; message: string; field?: string }
  | { name: 'close'; code: CloseCode; reason: string };

export interface ClientProtocol {
  /** What to do about one frame, in order. Never throws, whatever the bytes. */
  receive(frame: Buffer, binary: boolean, nowMs: number): ClientAction[];
}

/** `readable`: what the client's key may read, by default everything. */
export function createClientProtocol(readable?: readonly Topic[]): ClientProtocol {
  const messages = createWindowCounter({ limit: LIMITS.clientMessagesPerSecond + 1, windowMs: 1000 });
  const bad = createWindowCounter({ limit: LIMITS.badClientMessagesPerMinute, windowMs: 60_000 });
  return {
    receive(frame, binary, nowMs) {
      if (messages.record(nowMs))
        return [{ name: 'close', code: CLOSE_CODES.policy, reason: 'too many messages a second' }];
      const action = interpret(frame, binary, readable);
      if (action.name !== 'reject' || !bad.record(nowMs)) return [action];
      return [action, { name: 'close', code: CLOSE_CODES.policy, reason: 'too many bad messages' }];
    },
  };
}

function interpret(frame: Buffer, binary: boolean, readable?: readonly Topic[]): ClientAction {
  if (binary) return { name: 'reject', message: 'messages must be text frames' };
  const parsed = parseClientMessage(frame);
  if (!parsed.ok) {
    const { message, field } = parsed.error;
    return { name: 'reject', message, ...(field === undefined ? {} : { field }) };
  }
  if (parsed.message.type === 'ping') return { name: 'pong', t: parsed.message.data.t };
  const result = readSelection(parsed.message.data, readable);
  if (result.ok) return { name: 'select', selection: result.selection, after: result.after };
  const [{ field, message }] = result.mistakes;
  return { name: 'reject', message: `data.${field}: ${message}`, field: `data.${field}` };
}
