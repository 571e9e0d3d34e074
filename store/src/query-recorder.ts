/** Where the recorder stands, and what it could not record. */
import type { Channel } from '@pulsewire/shared-schema';
import { epochMs, readNumber, readText, readTextOrNull } from './columns.js';
import type { Queryable } from './database.js';
import type { DeadLetter } from './record-batch.js';

export interface DeadLetterRecord extends DeadLetter {
  channel: string;
  /** When it was put aside. */
  timeMs: number;
}

export interface RecordedPosition {
  /** Up to which everything of the channel's log is recorded; `null` before the first batch with a place in it. */
  position: string | null;
  /** Of the last batch; `null` before the first one. */
  token: string | null;
}

export async function queryPosition(session: Queryable, channel: Channel): Promise<RecordedPosition> {
  const [row] = await session.query('select position, token from recorder_positions where channel = $1', [
    channel,
  ]);
  if (row === undefined) return { position: null, token: null };
  return { position: readTextOrNull(row, 'position'), token: readText(row, 'token') };
}

/** Newest first. */
export async function queryDeadLetters(session: Queryable, limit: number): Promise<DeadLetterRecord[]> {
  const rows = await session.query(
    `select channel, id, payload, reason, ${epochMs('time')} as time_ms from dead_letters
     order by number desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    channel: readText(row, 'channel'),
    id: readTextOrNull(row, 'id'),
    payload: readText(row, 'payload'),
    reason: readText(row, 'reason'),
    timeMs: readNumber(row, 'time_ms'),
  }));
}
