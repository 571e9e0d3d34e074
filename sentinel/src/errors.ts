/** Every error with a code that this workspace throws. */

export const SENTINEL_ERRORS = {
  state_dir_unusable: 'The folder of STATE_DIR cannot be made or written.',
} as const;
export type SentinelErrorCode = keyof typeof SENTINEL_ERRORS;

export class SentinelError extends Error {
  readonly code: SentinelErrorCode;

  constructor(code: SentinelErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SentinelError';
    this.code = code;
  }
}
