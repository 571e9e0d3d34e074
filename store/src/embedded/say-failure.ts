/** Why a database could not be opened. Its file system throws what is no `Error` and has only a number of WASI. */

const FILE_FAILURES: Readonly<Record<number, string>> = {
  2: 'permission denied',
  19: 'disk quota exceeded',
  29: 'the disk fails to read or write',
  33: 'too many open files',
  51: 'no space left on the disk',
  69: 'the disk cannot be written to',
};

export function sayFailure(error: unknown): string {
  if (error instanceof Error) return error.message;
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? error.errno : null;
  if (typeof errno !== 'number') return String(error);
  return FILE_FAILURES[errno] ?? `the file system answered with error ${errno}`;
}
