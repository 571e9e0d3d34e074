/** Every error that this workspace throws. Nobody branches on message text: branch on `code`. */

export const STORE_ERRORS = {
  database_unavailable: 'The database cannot be reached, or ended the connection.',
  query_timed_out: 'A statement took longer than it may.',
  schema_missing: 'The database has not been migrated to what the code needs.',
  query_failed: 'The database refused a statement; the cause has its answer.',
  row_refused: 'The database refused what a row says; the cause has its answer.',
  migration_failed: 'A migration could not be applied; nothing of it remains.',
  migration_changed: 'A migration that was applied is not the one that the code brings.',
  schema_newer: 'The database was migrated by a newer release.',
  position_moved: 'Somebody else recorded this channel meanwhile; nothing of the batch remains.',
  cursor_invalid: 'A place to read on from is none that was given out.',
  embedded_unusable: 'The embedded database could not be started.',
} as const;
export type StoreErrorCode = keyof typeof STORE_ERRORS;

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
