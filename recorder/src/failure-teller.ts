/** Says in the log when recording fails, once for each reason, and when it is over. */
import type { Logger } from '@pulsewire/runtime';

export interface FailureTeller {
  /** What keeps us from recording now; `null` when nothing does. */
  readonly code: string | null;
  /** Returns the failure's code. */
  failed(error: unknown): string;
  succeeded(): void;
}

/** Whoever is down says so itself; and a position that moved is somebody else's recording. */
const TOLD_ELSEWHERE = ['database_unavailable', 'log_unavailable', 'position_moved'];

export function createFailureTeller(logger: Logger): FailureTeller {
  let code: string | null = null;
  let told: string | null = null;
  return {
    get code() {
      return code;
    },
    failed(error) {
      code = codeOf(error);
      if (code !== told && !TOLD_ELSEWHERE.includes(code)) {
        told = code;
        logger.error({ err: error, code }, 'nothing can be recorded; it is tried again and again');
      }
      return code;
    },
    succeeded() {
      if (told !== null) logger.info({ code: told }, 'recording goes on');
      code = null;
      told = null;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
}
