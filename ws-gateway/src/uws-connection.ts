/** One client of the engine uWebSockets.js. Its socket is gone with `close` and must not be touched then. */
import { type Cancel, systemClock } from '@pulsewire/runtime';
import type { CloseCode } from '@pulsewire/shared-schema';
import type { Packet } from './packet.js';
import type { Part, Subscriber } from './uws-audience.js';
import type { UwsSocket } from './uws-module.js';

/** What is said when all that was written before has left. */
interface Goodbye {
  socket: UwsSocket;
  code: CloseCode;
  reason: string;
  /** The least since it was asked for. */
  unsentBytes: number;
  cancelCutOff: Cancel;
}

/** As long as the library gives a peer to answer its close frame. */
const TAKES_UNSENT_WITHIN_MS = 16_000;

/** Pongs that may come on top of it. */
const MAX_PONGS_BYTES = 64 * 1024;

/** A class, because ten thousand of them have one shape and one set of methods so. */
export class UwsConnection implements Subscriber {
  part: Part | null = null;
  /** `null` from the moment at which either side began to close. */
  private socket: UwsSocket | null;
  private goodbye: Goodbye | null = null;

  constructor(socket: UwsSocket) {
    this.socket = socket;
  }

  get isOpen(): boolean {
    return this.socket !== null;
  }

  get bufferedBytes(): number {
    return (this.socket ?? this.goodbye?.socket)?.getBufferedAmount() ?? 0;
  }

  get dueBytes(): number {
    return this.part?.dueBytesOf(this) ?? 0;
  }

  write({ payloads }: Packet): void {
    if (this.isOpen) this.part?.bringAhead(this);
    this.send(payloads);
  }

  send(payloads: readonly Buffer[]): void {
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

  behindNext(task: () => void): void {
    if (this.part === null) task();
    else this.part.behindNext(this, task);
  }

  cork(task: () => void): void {
    this.socket?.cork(task);
  }

  /** `end` is the end for the library, which then tells no more of what is unsent: so that goes out before. */
  close(code: CloseCode, reason: string): void {
    if (this.isOpen) this.part?.bringAhead(this);
    const socket = this.takeSocket();
    if (socket === null) return;
    for (const topic of socket.getTopics()) socket.unsubscribe(topic);
    const unsentBytes = socket.getBufferedAmount();
    if (unsentBytes > 0) {
      const cancelCutOff = systemClock.after(TAKES_UNSENT_WITHIN_MS, () => this.terminate());
      this.goodbye = { socket, code, reason, unsentBytes, cancelCutOff };
    } else socket.end(code, reason);
  }

  terminate(): void {
    const socket = this.takeSocket() ?? this.goodbye?.socket;
    this.forget();
    socket?.close();
  }

  /** Some of what was unsent has left. */
  drained(): void {
    const { goodbye } = this;
    if (goodbye === null) return;
    goodbye.unsentBytes = Math.min(goodbye.unsentBytes, goodbye.socket.getBufferedAmount());
    if (goodbye.unsentBytes > 0) return;
    this.forget();
    goodbye.socket.end(goodbye.code, goodbye.reason);
  }

  /** The peer pinged, and its pong is among what is unsent: it must not pile up behind the goodbye. */
  pinged(): void {
    const { goodbye } = this;
    if (goodbye === null) return;
    const pongsBytes = goodbye.socket.getBufferedAmount() - goodbye.unsentBytes;
    if (pongsBytes > MAX_PONGS_BYTES) this.terminate();
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
    this.goodbye?.cancelCutOff();
    this.goodbye = null;
  }

  private takeSocket(): UwsSocket | null {
    const { socket } = this;
    this.socket = null;
    return socket;
  }
}
