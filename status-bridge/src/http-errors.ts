/** Errors of the HTTP side, all in the shape `{ error, message }`. Source: contracts.md §4. */
import type { Socket } from 'node:net';
import { pathOf } from '@pulsewire/runtime';
import { HTTP_ERRORS } from '@pulsewire/shared-schema';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';

type ParsingError = 'bad_request' | 'body_too_large' | 'unsupported_media_type';

const PARSING_ERRORS: readonly ParsingError[] = ['bad_request', 'body_too_large', 'unsupported_media_type'];
const MESSAGES: Record<ParsingError, string> = {
  bad_request: 'the request cannot be read',
  body_too_large: 'the body is too large',
  unsupported_media_type: 'bodies of this type are not taken',
};

export function sendError(reply: FastifyReply, status: number, error: string, message: string): FastifyReply {
  return reply.code(status).send({ error, message });
}

export function addErrors(app: FastifyInstance, onError: (error: unknown, path: string) => void): void {
  app.setNotFoundHandler((request, reply) => {
    if (!app.hasRoute({ method: 'GET', url: pathOf(request.raw) }))
      return sendError(reply, HTTP_ERRORS.not_found, 'not_found', 'no such route');
    void reply.header('allow', 'GET, HEAD');
    const message = 'this route answers GET and HEAD';
    return sendError(reply, HTTP_ERRORS.method_not_allowed, 'method_not_allowed', message);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = PARSING_ERRORS.find((candidate) => HTTP_ERRORS[candidate] === error.statusCode);
    if (code !== undefined) return sendError(reply, HTTP_ERRORS[code], code, MESSAGES[code]);
    onError(error, pathOf(request.raw));
    const message = 'the server could not answer; see its log';
    return sendError(reply, HTTP_ERRORS.internal_error, 'internal_error', message);
  });
}

/** What came is not HTTP, or too large, or too slow. There is no reply object: the bytes are written by hand. */
export function answerUnreadable(socket: Socket): void {
  endWith(socket, plainAnswer(HTTP_ERRORS.bad_request, 'bad_request', MESSAGES.bad_request));
}

/** The last words to a connection; it is gone with them, whether or not the peer closes its own side. */
export function endWith(socket: Socket, text: string): void {
  if (socket.writable) socket.write(text);
  socket.destroySoon();
}

/** A whole HTTP answer that ends its connection. */
export function plainAnswer(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const body = JSON.stringify({ error, message });
  const lines = Object.entries({
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Refused`, ...lines, '', body].join('\r\n');
}
