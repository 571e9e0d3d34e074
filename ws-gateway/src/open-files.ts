/**
 * Whether the machine lets the gateway have as many connections as it promises. Every connection is an open file, and
 * at the limit nobody tells: the operating system keeps who comes waiting, or they are dropped unheard.
 */
import { readFileSync } from 'node:fs';
import type { Logger } from '@pulsewire/runtime';

/** What a process has open besides clients: libraries, Redis, the file of keys, and who asks over HTTP. */
const BESIDES = 64;

/** Connections that this process may have for clients; `null` where nothing or no limit is known. */
export function clientsAllowed(limits: string): number | null {
  const [, openFiles] = /^Max open files\s+(\d+)\s/m.exec(limits) ?? [];
  return openFiles === undefined ? null : Math.max(0, Number(openFiles) - BESIDES);
}

/** One warning where `MAX_CLIENTS` is more than that. */
export function warnOfOpenFiles(maxClients: number, logger: Logger): void {
  const allowed = clientsAllowed(ownLimits());
  if (allowed === null || allowed >= maxClients) return;
  logger.warn(
    { max_clients: maxClients, clients_allowed: allowed },
    'MAX_CLIENTS is more than the limit of open files allows; raise it (ulimit -n, LimitNOFILE)',
  );
}

/** Empty where the system does not tell them this way. */
function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
