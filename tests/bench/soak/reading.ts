/** Reads a server's state from its own `/metrics`. */
import type { Server } from '../load/servers.js';
import type { ServerState } from './series.js';

/** Rejects when the server does not answer. Reading resets the event loop's delays. */
export async function readState({ port }: Server): Promise<ServerState> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  const value = (name: string) => {
    const found = new RegExp(`^pulsewire_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text);
    if (found === null) throw new Error(`/metrics has no ${name}`);
    return Number(found[1]);
  };
  return {
    rssBytes: value('process_resident_memory_bytes'),
    heapUsedBytes: value('nodejs_heap_size_used_bytes'),
    resources: value('nodejs_active_resources_total'),
    openFiles: value('process_open_fds'),
    // The least of them is how long the process waits between two samples.
    loopDelayP99Ms:
      (value('nodejs_eventloop_lag_p99_seconds') - value('nodejs_eventloop_lag_min_seconds')) * 1000,
  };
}
