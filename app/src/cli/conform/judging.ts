/** What judges have in common: reading frames, and saying what was expected and what came. */
import type { Conversation, Frame, HttpAnswer, Verdict } from './evidence.js';

export interface Message {
  type: string;
  data: Readonly<Record<string, unknown>>;
  id: string | null;
}

export const OK: Verdict = { kind: 'ok' };
export const skip = (why: string): Verdict => ({ kind: 'skip', why });
export const no = (expected: string, got: string): Verdict => ({ kind: 'not ok', expected, got });

/** The first check that does not hold decides. */
export function all(...checks: readonly Verdict[]): Verdict {
  return checks.find(({ kind }) => kind === 'not ok') ?? checks.find(({ kind }) => kind === 'skip') ?? OK;
}

export function check(holds: boolean, expected: string, got: string): Verdict {
  return holds ? OK : no(expected, got);
}

/** `null` for a frame that is no envelope. */
export function readMessage({ text, binary }: Frame): Message | null {
  if (binary) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value['type'] !== 'string' || !isObject(value['data'])) return null;
    return {
      type: value['type'],
      data: value['data'],
      id: typeof value['id'] === 'string' ? value['id'] : null,
    };
  } catch {
    return null;
  }
}

export function messagesOf(frames: readonly Frame[]): Message[] {
  return frames.flatMap((frame) => readMessage(frame) ?? []);
}

export const isSnapshot = (message: Message | null, phase: 'begin' | 'end'): boolean =>
  message?.type === 'snapshot' && message.data['phase'] === phase;

/** How many snapshots have ended. */
export const snapshotsIn = (frames: readonly Frame[]): number =>
  messagesOf(frames).filter((message) => isSnapshot(message, 'end')).length;

export const isLive = (frames: readonly Frame[]): boolean => snapshotsIn(frames) > 0;

/** Frames between the first `begin` and its `end`, and those that came after it. */
export function splitAtSnapshot(frames: readonly Frame[]): { snapshot: Frame[]; live: Frame[] } {
  const messages = frames.map(readMessage);
  const begin = messages.findIndex((message) => isSnapshot(message, 'begin'));
  const end = messages.findIndex((message) => isSnapshot(message, 'end'));
  if (begin === -1 || end === -1) return { snapshot: [], live: [] };
  return { snapshot: frames.slice(begin + 1, end), live: frames.slice(end + 1) };
}

export const errorsIn = (frames: readonly Frame[], code: number): Message[] =>
  messagesOf(frames).filter(({ type, data }) => type === 'error' && data['code'] === code);

/** `401 unauthorized`, or what else came. */
export function sayAnswer(answer: HttpAnswer): string {
  if (answer.status === 0) return 'no answer';
  return `${answer.status} ${bodyOf(answer)['error'] ?? '(no error code)'}`;
}

export function sayConversation({ refused, frames, closed }: Conversation): string {
  if (refused !== null) return `the refusal ${sayAnswer(refused)}`;
  const types = frames.slice(0, 6).map((frame) => readMessage(frame)?.type ?? '(no message)');
  const end = closed === null ? '' : `, closed with ${closed.code}`;
  return `${types.join(', ') || 'nothing'}${frames.length > 6 ? ', …' : ''}${end}`;
}

/** Judges one refusal by status and code. */
export function refuses(answer: HttpAnswer, status: number, code: string): Verdict {
  const wanted = `${status} ${code}`;
  return check(sayAnswer(answer) === wanted, wanted, sayAnswer(answer));
}

export function opens(conversation: Conversation): Verdict {
  const first = conversation.frames[0];
  const greeted = first !== undefined && readMessage(first)?.type === 'hello';
  return check(greeted, 'a connection that begins with hello', sayConversation(conversation));
}

export function bodyOf({ body }: HttpAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
