/** Worker: uWebSockets.js with nothing around it, one `app.publish` a message. The limit that Node can reach. */
import { createRequire } from 'node:module';
import { onEachMessage, type PeerAnswer, type PeerQuestion } from './peer.js';
import { answer } from './worker.js';

/** The part that is used. The package is optional, so its own types may be missing, too. */
interface Uws {
  App(): UwsApp;
  us_socket_local_port(listening: unknown): number;
}
interface UwsApp {
  ws(path: string, behavior: { open(socket: { subscribe(topic: string): void }): void }): UwsApp;
  publish(topic: string, message: string, isBinary: boolean): boolean;
  listen(host: string, port: number, onListening: (listening: unknown) => void): UwsApp;
}

const PACKAGE = 'uWebSockets.js';
const TOPIC = 'all';

answer<PeerQuestion, PeerAnswer>(async ({ redisUrl }) => {
  const uws = createRequire(import.meta.url)(PACKAGE) as Uws;
  const app = uws.App().ws('/*', { open: (socket) => socket.subscribe(TOPIC) });
  const port = await new Promise<number>((resolve) =>
    app.listen('127.0.0.1', 0, (listening) => resolve(uws.us_socket_local_port(listening))),
  );
  await onEachMessage(redisUrl, (message) => app.publish(TOPIC, message, false));
  return { port };
});
