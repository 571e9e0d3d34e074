/** One client of the engine uWebSockets.js. Its socket is gone with `close` and must not be touched then. */
import type { CloseCode } from '@pulsewire/shared-schema';
import type { Connection } from './engine.js';
import type { UwsSocket } from './uws-module.js';

export interface UwsConnection extends Connection {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** The socket is gone. */
  forget(): void;
}

export function createUwsConnection(opened: UwsSocket): UwsConnection {
  let socket: UwsSocket | null = opened;
  return {
    get isOpen() {
      return socket !== null;
    },
    get bufferedBytes() {
      return socket?.getBufferedAmount() ?? 0;
    },
    write({ payloads }) {
      const target = socket;
      const [first] = payloads;
      if (target === null || first === undefined) return;
      if (payloads.length === 1) target.send(first, false, false);
      else
        target.cork(() => {
          for (const payload of payloads) target.send(payload, false, false);
        });
    },
    ping(payload) {
      socket?.ping(payload);
    },
    close(code: CloseCode, reason: string) {
      const closing = socket;
      socket = null;
      closing?.end(code, reason);
    },
    terminate() {
      const closing = socket;
      socket = null;
      closing?.close();
    },
    subscribe(topic) {
      socket?.subscribe(topic);
    },
    unsubscribe(topic) {
      socket?.unsubscribe(topic);
    },
    forget() {
      socket = null;
    },
  };
}
