/** PostgreSQL through pg. Everything is asked in read-only transactions that the server itself ends in time. */
import type { DatabaseConnection, DatabaseFigures, OpenDatabase } from './database-probe.js';
import { PROBE_CLIENT_NAME } from './database-probe.js';

/**
 * `numbackends` may be read by every role, unlike the kinds of other sessions in `pg_stat_activity`. It counts this
 * connection, too.
 */
const FIGURES = `SELECT (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database)::float8 AS active_connections,
  pg_catalog.current_setting('max_connections')::float8 AS max_connections,
  pg_catalog.pg_database_size(pg_catalog.current_database())::float8 AS database_bytes`;

export const openPostgres: OpenDatabase = async (url, { onLost, signal, timeoutMs }) => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    application_name: PROBE_CLIENT_NAME,
    connectionTimeoutMillis: timeoutMs,
  });
  const close = () => {
    closed = true;
    // Answers an open call with an error; `end` alone would wait for the answer first.
    client.connection.stream.destroy();
  };
  let closed = false;
  let lost = false;
  const lose = () => {
    if (!closed && !lost && connected) onLost();
    lost = true;
  };
  let connected = false;
  client.on('error', lose);
  client.on('end', lose);
  signal.addEventListener('abort', close, { once: true });
  await client.connect();
  connected = true;
  // Settings of the transaction rather than of the session: a pooler in between gives the session to others.
  const ask = (query: string) =>
    client.query(
      `BEGIN READ ONLY; SET LOCAL statement_timeout = ${timeoutMs}; ${query}; COMMIT`,
    ) as unknown as Promise<{ rows: DatabaseFigures[] }[]>;
  return {
    ping: () => client.query('SELECT 1'),
    async figures() {
      const answers = await ask(FIGURES);
      return answers[2]?.rows[0] ?? {};
    },
    close,
  } satisfies DatabaseConnection;
};
