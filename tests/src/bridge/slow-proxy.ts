/** A TCP hop that takes its time: every byte arrives so many milliseconds later, in order, in both directions. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Stoppable, systemClock } from '@pulsewire/runtime';

export interface SlowProxy extends Stoppable {
  readonly port: number;
}

export async function startSlowProxy(toPort: number, delayMs: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: toPort });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('data', (bytes) => void systemClock.after(delayMs, () => other.write(bytes)));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        systemClock.after(delayMs, () => other.destroy());
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
