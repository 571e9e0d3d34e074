/**
 * The edge to `ws` for the stream client. Keeps the text of the frame that is being handed on, because the client
 * gives out parsed messages and whoever pipes them wants the producer's bytes.
 */
import type { IncomingMessage } from 'node:http';
import type { SocketLike } from '@pulsewire/shared-schema/client';
import { WebSocket } from 'ws';

const LARGEST_REFUSAL = 16 * 1024;

export interface Refusal {
  /** HTTP status. */
  status: number;
  /** What the gateway says of it, in its own words; `null` when that cannot be read. */
  message: string | null;
}

export interface FrameSource {
  connect(url: string, protocols: string[]): SocketLike;
  /** Text of the frame whose message is being handed on right now. */
  currentFrame(): string;
  /** The last handshake's refusal, or `null` when there was no answer. */
  refusal(): Refusal | null;
  /** What the system says of why the last connection failed, or `null` when it says nothing. */
  failure(): string | null;
  /** What the stream client asks after a refusal: the answer that `ws` has seen needs no second request. */
  probe(): Promise<number | null>;
}

export function createFrameSource(): FrameSource {
  let frame = '';
  let refusal: Refusal | null = null;
  let failure: string | null = null;
  return {
    connect(url, protocols) {
      refusal = null;
      failure = null;
      const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
      socket.on('unexpected-response', (_request, response) => {
        // Whoever listens to this event has to end the attempt himself.
        void readRefusal(response).then((answer) => {
          refusal = answer;
          socket.terminate();
        });
      });
      socket.on('error', (error) => {
        failure = readFailure(error);
      });
      // The first listener: it runs before that of the stream client.
      socket.on('message', (bytes, binary) => {
        frame = binary ? '' : bytes.toString();
      });
      return socket;
    },
    currentFrame: () => frame,
    refusal: () => refusal,
    failure: () => failure,
    probe: () => Promise.resolve(refusal?.status ?? null),
  };
}

/** Never rejects. An answer without end is cut by its length, one that hangs by the stream client's patience. */
async function readRefusal(response: IncomingMessage): Promise<Refusal> {
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > LARGEST_REFUSAL) break;
    }
  } catch {
    // The status is known all the same.
  }
  return { status: response.statusCode ?? 0, message: readMessage(body) };
}

/** Where a name has several addresses, each of which failed, the error has a code and no words. */
function readFailure(error: Error): string | null {
  return error.message || ('code' in error ? String(error.code) : null);
}

function readMessage(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('message' in value)) return null;
    return typeof value.message === 'string' ? value.message : null;
  } catch {
    return null;
  }
}

/**
 * A frame as one line, to the byte but for line breaks: outside strings they mean nothing in JSON, and inside they
 * cannot stand.
 */
export function renderLine(frame: string): string {
  return `${frame.replace(/[\r\n]+/g, ' ')}\n`;
}
