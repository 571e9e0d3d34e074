/** Buses on a private Redis, and what is needed to disturb them. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Bus, createRedisBus, type Logger, silentLogger } from '@pulsewire/runtime';
import { busIs } from '@pulsewire/runtime/bus-contract';

/** A bus that is up. */
export async function upBus(url: string, name: string, logger: Logger = silentLogger): Promise<Bus> {
  const bus = createRedisBus({ url, name, logger });
  await busIs(bus, 'up');
  return bus;
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  message: string;
}

/** A logger that remembers. */
export function createLineLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields: fields as Record<string, unknown>, message });
  };
  const logger = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

export interface CuttableProxy {
  url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** The connections open now stay open for ever and carry nothing more; new ones work. */
  stallOpen(): void;
  mend(): void;
  stop(): Promise<void>;
}

/** A TCP hop in front of a port of this machine. */
export async function startProxy(toPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let mode: 'through' | 'cut' = 'through';
  const server = createServer((client) => {
    if (mode === 'cut') return client.destroy();
    const upstream = connect({ host: '127.0.0.1', port: toPort });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('data', (bytes) => other.write(bytes));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const destroyAll = () => {
    for (const socket of [...sockets]) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    cut() {
      mode = 'cut';
      destroyAll();
    },
    stallOpen() {
      for (const socket of sockets) socket.pause();
    },
    mend() {
      mode = 'through';
    },
    async stop() {
      destroyAll();
      server.close();
      await once(server, 'close');
    },
  };
}
