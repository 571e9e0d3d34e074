/** Every error that the embedded process throws itself. */

export const APP_ERRORS = {
  data_dir_unusable: 'The data folder cannot be created or written.',
  local_key_damaged: 'The stored key of the embedded start is not a key.',
  web_not_built: 'The dashboard has not been built, so there is nothing to serve.',
  usage_invalid: 'A command line asks for something that does not exist.',
} as const;
export type AppErrorCode = keyof typeof APP_ERRORS;

export class AppError extends Error {
  readonly code: AppErrorCode;

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}
