/**
 * How many TCP connections an address may hold, whatever it does with them: before a request nobody knows more of it.
 * The peer of a connection that comes through a proxy of ours is that proxy, which holds as many as it needs.
 */
import type { Socket } from 'node:net';
import { networkOf } from '@pulsewire/runtime';

export interface ConnectionLimitOptions {
  server: { on(event: 'connection', listener: (socket: Socket) => void): unknown };
  maxOfAddress: number;
  onCutOff(reason: 'crowd'): void;
}

export function limitConnections({ server, maxOfAddress, onCutOff }: ConnectionLimitOptions): void {
  const held = new Map<string, number>();
  server.on('connection', (socket) => {
    const place = networkOf(socket.remoteAddress ?? '');
    const count = (held.get(place) ?? 0) + 1;
    if (count > maxOfAddress) {
      onCutOff('crowd');
      socket.destroy();
      return;
    }
    held.set(place, count);
    socket.once('close', () => {
      const left = (held.get(place) ?? 1) - 1;
      if (left === 0) held.delete(place);
      else held.set(place, left);
    });
  });
}
