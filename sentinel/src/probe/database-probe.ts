/** The part of a database that is used. Each kind has one file that fits, and loads its driver when first opened. */
import type { DatabaseStatus } from '@pulsewire/shared-schema';

/** What contracts.md §1 names for a kind. A figure that the server does not tell is absent. */
export type DatabaseFigures = Pick<
  DatabaseStatus['data'],
  | 'active_connections'
  | 'max_connections'
  | 'database_bytes'
  | 'collections'
  | 'storage_bytes'
  | 'used_memory_bytes'
  | 'keys'
  | 'connected_clients'
>;

/** One connection. Every call may hang; the caller has the deadline, and then closes. */
export interface DatabaseConnection {
  /** One round trip that costs the server nothing. */
  ping(): Promise<unknown>;
  /** Reads the figures; changes nothing. */
  figures(): Promise<DatabaseFigures>;
  /** Also ends calls that hang. Never throws. */
  close(): void;
}

/**
 * Connects. `onLost` is called at most once, when the connection breaks by itself. `signal` ends an attempt that
 * takes too long; what it had opened is closed.
 */
export type OpenDatabase = (
  url: string,
  options: { onLost(): void; signal: AbortSignal; timeoutMs: number },
) => Promise<DatabaseConnection>;

/** Name under which a server lists the connection. */
export const PROBE_CLIENT_NAME = 'pulsewire-sentinel';
