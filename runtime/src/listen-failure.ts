/** Why a server cannot listen, in words that name the variable to mend. */
import { RuntimeError } from './errors.js';

/** The error itself where it is none of those that a setting causes. */
export function explainListenFailure(
  error: unknown,
  { host, port }: { host: string; port: number },
): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = { cause: error };
  if (code === 'EADDRINUSE')
    return new RuntimeError('address_in_use', `${host}:${port} is in use; set PORT to a free one`, cause);
  if (code === 'EACCES')
    return new RuntimeError(
      'address_unusable',
      `this account may not listen on ${host}:${port}; set PORT to one from 1024 on`,
      cause,
    );
  if (/^(EADDRNOTAVAIL|EINVAL|ENOTFOUND|EAI_\w+)$/.test(code))
    return new RuntimeError(
      'address_unusable',
      `${host} is no address of this machine; set HOST to one, such as 127.0.0.1 or 0.0.0.0`,
      cause,
    );
  return error;
}
