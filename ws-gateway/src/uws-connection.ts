/** One client of the engine uWebSockets.js. Its socket is gone with `close` and must not be touched then. */
import type { CloseCode } from '@pulsewire/shared-schema';
import type { Connection } from './engine.js';
import type { Packet } from './packet.js';
import type { UwsSocket } from './uws-module.js';

/** A class, because ten thousand of them have one shape and one set of methods so. */
export class UwsConnection implements Connection {
  /** `null` from the moment at which either side began to close. */
  private socket: UwsSocket | null;

  constructor(socket: UwsSocket) {
    this.socket = socket;
  }

  get isOpen(): boolean {
    return this.socket !== null;
  }

  get bufferedBytes(): number {
    return this.socket?.getBufferedAmount() ?? 0;
  }

  write({ payloads }: Packet): void {
    const { socket } = this;
    const [first] = payloads;
    if (socket === null || first === undefined) return;
    if (payloads.length === 1) socket.send(first, false, false);
    else
      socket.cork(() => {
        for (const payload of payloads) socket.send(payload, false, false);
      });
  }

  ping(payload: string): void {
    this.socket?.ping(payload);
  }

  close(code: CloseCode, reason: string): void {
    this.takeSocket()?.end(code, reason);
  }

  terminate(): void {
    this.takeSocket()?.close();
  }

  subscribe(topic: string): void {
    this.socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.socket?.unsubscribe(topic);
  }

  /** The socket is gone. */
  forget(): void {
    this.socket = null;
  }

  private takeSocket(): UwsSocket | null {
    const { socket } = this;
    this.socket = null;
    return socket;
  }
}
