/**
 * The servers that benches compare. All of them take their messages from the same Redis channel, so that what
 * comes in costs each the same kind of work, and all serve the same raw clients.
 */
import { STREAM_PATH } from '@pulsewire/shared-schema';
import { type EngineName, startGatewayProcess } from '../../src/chaos/gateway-process.js';
import type { Dialect } from './clients.js';
import type { PeerAnswer, PeerQuestion } from './peer.js';
import { startWorker } from './worker.js';

export interface Server {
  pid: number;
  port: number;
  path: string;
  dialect: Dialect;
  /** Resolves when it serves, also again after having been frozen. */
  ready(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export interface GatewayVariant {
  engine?: EngineName;
  maxClients?: number;
  messagesPerSecond?: number;
}

export type PeerName = 'naive-server' | 'socket-io-server' | 'bare-uws-server';

export const BENCH_KEY = 'bench-key-0123456789';
const MAX_CLIENTS = 200;
const MESSAGES_PER_SECOND = 5000;

/** The built gateway. Rejects when it ends instead, as it does for an engine that is not installed. */
export async function startGateway(redisUrl: string, variant: GatewayVariant = {}): Promise<Server> {
  const gateway = await startGatewayProcess({
    redisUrl,
    key: BENCH_KEY,
    engine: variant.engine ?? 'ws',
    settings: {
      MAX_MESSAGES_PER_SECOND: String(variant.messagesPerSecond ?? MESSAGES_PER_SECOND),
      MAX_CLIENTS: String(variant.maxClients ?? MAX_CLIENTS),
    },
  });
  return {
    pid: gateway.process.pid,
    port: gateway.port,
    path: STREAM_PATH,
    dialect: 'plain',
    ready: gateway.ready,
    stop: () => gateway.process.stop('SIGKILL'),
  };
}

/** What is not ours. Rejects when a package that it needs is not installed. */
export async function startPeer(name: PeerName, redisUrl: string): Promise<Server> {
  const worker = startWorker<PeerQuestion, PeerAnswer>(name);
  try {
    const { port } = await worker.ask({ redisUrl });
    const isSocketIo = name === 'socket-io-server';
    return {
      pid: worker.pid,
      port,
      path: isSocketIo ? '/socket.io/?EIO=4&transport=websocket' : STREAM_PATH,
      dialect: isSocketIo ? 'socket.io' : 'plain',
      ready: async () => undefined,
      stop: worker.stop,
    };
  } catch (error) {
    await worker.stop();
    throw error;
  }
}
