/**
 * The edge to `ws` for the stream client. Keeps the text of the frame that is being handed on, because the client
 * gives out parsed messages and whoever pipes them wants the producer's bytes.
 */
import type { SocketLike } from '@pulsewire/shared-schema/client';
import { WebSocket } from 'ws';

export interface FrameSource {
  connect(url: string, protocols: string[]): SocketLike;
  /** Text of the frame whose message is being handed on right now. */
  currentFrame(): string;
  /** HTTP status of the last refused handshake, or `null` when there was no answer. */
  refusedStatus(): number | null;
  /** What the stream client asks after a refusal: the answer that `ws` has seen needs no second request. */
  probe(): Promise<number | null>;
}

export function createFrameSource(): FrameSource {
  let frame = '';
  let status: number | null = null;
  return {
    connect(url, protocols) {
      status = null;
      const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
      socket.on('unexpected-response', (_request, response) => {
        status = response.statusCode ?? null;
        // Whoever listens to this event has to end the attempt himself.
        socket.terminate();
      });
      // The first listener: it runs before that of the stream client.
      socket.on('message', (bytes, binary) => {
        frame = binary ? '' : bytes.toString();
      });
      return socket;
    },
    currentFrame: () => frame,
    refusedStatus: () => status,
    probe: () => Promise.resolve(status),
  };
}

/**
 * A frame as one line, to the byte but for line breaks: outside strings they mean nothing in JSON, and inside they
 * cannot stand.
 */
export function renderLine(frame: string): string {
  return `${frame.replace(/[\r\n]+/g, ' ')}\n`;
}
