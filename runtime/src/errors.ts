/** Every error that this workspace throws. Nobody branches on message text: branch on `code`. */

export const RUNTIME_ERRORS = {
  config_invalid: 'The configuration has mistakes; every one is listed. Nothing was started.',
  position_invalid: 'A position in a log was not of the form <milliseconds>-<sequence>.',
  log_unavailable: 'The log of a channel could not be read, because the bus is down.',
  address_in_use: 'Another process already listens on this host and port.',
  address_unusable: 'This host is no address of the machine, or the account may not listen on this port.',
} as const;
export type RuntimeErrorCode = keyof typeof RUNTIME_ERRORS;

export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RuntimeError';
    this.code = code;
  }
}

export interface ConfigMistake {
  variable: string;
  /** What was given, or `null` when the variable is missing or secret. */
  given: string | null;
  /** What is allowed, as a sentence that tells the fix. */
  allowed: string;
}

export class ConfigError extends RuntimeError {
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    super('config_invalid', renderMistakes(mistakes));
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

function renderMistakes(mistakes: readonly ConfigMistake[]): string {
  const lines = mistakes.map(
    ({ variable, given, allowed }) =>
      `  ${variable}${given === null ? '' : `=${JSON.stringify(given)}`}: ${allowed}`,
  );
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  return [`The configuration has ${count}:`, ...lines].join('\n');
}
