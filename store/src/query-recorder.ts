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

/** The position in a channel's log up to which everything is recorded; `null` before the first batch. */
export async function queryPosition(session: Queryable, channel: Channel): Promise<string | null> {
  const [row] = await session.query('select position from recorder_positions where channel = $1', [channel]);
  return row === undefined ? null : readText(row, 'position');
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
