/** What a question that failed says about the host: that it is there and refuses, or nothing. */
import { StoreError, type StoreErrorCode } from '@pulsewire/store';

const SILENCE: readonly StoreErrorCode[] = ['database_unavailable', 'query_timed_out'];

/**
 * The reason of the refusal, as a sentence for operators; `null` when nobody answered. `cause` is that of the
 * database's state: a server that refuses our role or password is there.
 */
export function refusalOf(error: unknown, cause: string | null): string | null {
  if (!(error instanceof StoreError)) return 'the database gave an answer that was not understood';
  if (error.code === 'schema_missing') return 'the database has no history yet: start the recorder once';
  if (!SILENCE.includes(error.code)) return 'the database refused the question; see the log of the bridge';
  return cause === 'refused' ? 'the database refuses the role of the bridge, or its password' : null;
}
