/** What the embedded database runs with. Small rather than fast: see docs/decisions/0013-embedded-database.md. */

/** What the process says once it takes connections. */
export const READY = 'ready';
/** What it says while another process has the data folder open. */
export const WAITING = 'waiting';

/** Every database of PostgreSQL has it. */
export const VERSION_FILE = 'PG_VERSION';

/** PostgreSQL's settings. */
export const EMBEDDED_SETTINGS = [
  'shared_buffers=8MB',
  'wal_buffers=256kB',
  'max_connections=5',
  'work_mem=2MB',
  'maintenance_work_mem=8MB',
  'max_wal_size=64MB',
  'min_wal_size=32MB',
  'timezone=UTC',
] as const;

/** Flags of Node: the code of WebAssembly is compiled once and plainly, the young generation stays small. */
export const EMBEDDED_NODE_FLAGS = [
  '--liftoff-only',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--max-old-space-size=64',
] as const;
