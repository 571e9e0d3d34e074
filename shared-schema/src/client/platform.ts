/**
 * The edge to browser and Node: sockets, timers, `fetch`, wake-ups. Everything here can be replaced by an option
 * of the stream manager.
 */
import { StreamClientError } from '../errors.js';
import type { SocketLike, StreamClock } from './types.js';

/** What this file looks for; neither platform has all of it. */
interface Globals {
  WebSocket?: new (url: string, protocols: string[]) => SocketLike;
  addEventListener?: (type: string, listener: () => void) => void;
  removeEventListener?: (type: string, listener: () => void) => void;
  document?: {
    visibilityState: string;
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
  };
  reportError?: (error: unknown) => void;
  process?: { emitWarning?: (warning: string) => void };
}

const platform = globalThis as unknown as Globals;

export const platformClock: StreamClock = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The platform's `WebSocket`. Throws `websocket_missing` where there is none. */
export function platformConnect(): (url: string, protocols: string[]) => SocketLike {
  const { WebSocket } = platform;
  if (WebSocket === undefined)
    throw new StreamClientError(
      'websocket_missing',
      'this platform has no WebSocket; pass connect: (url, protocols) => new WebSocket(url, protocols), ' +
        'with WebSocket from the package ws',
    );
  return (url, protocols) => new WebSocket(url, protocols);
}

/**
 * The HTTP status of a plain GET to the address of the feed, or `null` without an answer. 426 is the good case:
 * the key is accepted, only the upgrade is missing.
 */
export async function platformProbe(url: string, key: string): Promise<number | null> {
  try {
    const address = url.replace(/^ws/, 'http');
    // A WebSocket is not redirected either, and the key is for this server only.
    const response = await fetch(address, { headers: { 'x-api-key': key }, redirect: 'error' });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** Wakes when the browser is online again and when the page becomes visible. Node has neither event. */
export function platformWakeUps(wake: () => void): () => void {
  const { document } = platform;
  const onVisible = () => {
    if (document?.visibilityState === 'visible') wake();
  };
  platform.addEventListener?.('online', wake);
  document?.addEventListener('visibilitychange', onVisible);
  return () => {
    platform.removeEventListener?.('online', wake);
    document?.removeEventListener('visibilitychange', onVisible);
  };
}

/** Makes a listener's error visible without ending anything. */
export function platformReport(error: unknown): void {
  if (platform.reportError !== undefined) platform.reportError(error);
  else platform.process?.emitWarning?.(`a listener of the stream threw: ${String(error)}`);
}
