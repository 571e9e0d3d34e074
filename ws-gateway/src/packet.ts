/**
 * A packet: whole text messages that leave together. It is framed at most once, however many clients receive
 * it, and engines that frame by themselves take the payloads instead.
 */

export interface Packet {
  readonly payloads: readonly Buffer[];
  /** The payloads as WebSocket text frames from a server (RFC 6455 §5.2: unmasked, unfragmented), in a row. */
  readonly framed: Buffer;
  /** Size of {@link Packet.framed}, which this does not make. */
  readonly bytes: number;
}

const TEXT_FINAL = 0x81;

/** The payloads must not change before `framed` was read for the first time. */
export function createPacket(payloads: readonly Buffer[]): Packet {
  return new LazyPacket(payloads);
}

/** A class, because the accessor of an object literal is a shape of its own for each object. */
class LazyPacket implements Packet {
  readonly payloads: readonly Buffer[];
  readonly bytes: number;
  private frames: Buffer | null = null;

  constructor(payloads: readonly Buffer[]) {
    this.payloads = payloads;
    this.bytes = framedBytes(payloads);
  }

  get framed(): Buffer {
    this.frames ??= frameAll(this.payloads, this.bytes);
    return this.frames;
  }
}

function frameAll(payloads: readonly Buffer[], bytes: number): Buffer {
  const frames = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const payload of payloads) {
    at = writeHeader(frames, at, payload.length);
    payload.copy(frames, at);
    at += payload.length;
  }
  return frames;
}

function framedBytes(payloads: readonly Buffer[]): number {
  let size = 0;
  for (const { length } of payloads) size += headerBytes(length) + length;
  return size;
}

function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = TEXT_FINAL;
  if (length < 126) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    frames[at + 1] = 126;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = 127;
  return frames.writeUIntBE(length, frames.writeUInt16BE(0, at + 2), 6);
}
