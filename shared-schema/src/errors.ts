/** Every error that the stream client throws, all of them while it is being made. Branch on `code`. */

export const STREAM_CLIENT_ERRORS = {
  websocket_missing: 'The platform has no WebSocket (Node before 22) and no `connect` was given.',
  url_invalid: 'The address of the feed is not a ws:// or wss:// URL.',
} as const;
export type StreamClientErrorCode = keyof typeof STREAM_CLIENT_ERRORS;

export class StreamClientError extends Error {
  readonly code: StreamClientErrorCode;

  constructor(code: StreamClientErrorCode, message: string) {
    super(message);
    this.name = 'StreamClientError';
    this.code = code;
  }
}
