/** What a chaos run breaks: Redis, a gateway as a process of its own, and the network between it and its clients. */
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';
import { pause, poll } from '../support/within.js';
import type { Fault, OtherFault } from './fault.js';
import { type EngineName, startGatewayProcess } from './gateway-process.js';
import { type ChaosLoad, startChaosLoad } from './load.js';
import { startNetwork } from './network.js';
import { type RedisKind, type Sufferings, startVictim } from './victim.js';
import { startWitness, type Witness } from './witness.js';

export interface Scene {
  readonly load: ChaosLoad;
  readonly witnesses: readonly Witness[];
  /** Breaks something for a while, and resolves when it is whole again. */
  suffer(fault: Fault, lastsMs: number): Promise<void>;
  stop(): Promise<void>;
}

const KEY = 'chaos-key-0123456789';

export interface SceneOptions {
  clients: number;
  engine: EngineName;
  redis: RedisKind;
}

export async function createScene({ clients, engine, redis: kind }: SceneOptions): Promise<Scene> {
  const redis = await startVictim(kind);
  // Who comes back may be there before its old connection is known to be gone.
  const settings = { MAX_CLIENTS: String(Math.max(LIMITS.maxClients, 2 * clients)) };
  let gateway = await startGatewayProcess({ redisUrl: redis.url, key: KEY, engine, settings });
  const network = await startNetwork(gateway.port);
  const bus = createRedisBus({ url: redis.url, name: 'chaos-load', logger: silentLogger });
  const url = `ws://127.0.0.1:${network.port}/api/system/ws`;
  const witnesses = Array.from({ length: clients }, () => startWitness(url, KEY));
  const allLive = () => (witnesses.every((witness) => witness.isLive()) ? true : undefined);
  await poll(allLive, { what: 'all clients to be live' });
  const load = startChaosLoad(bus, systemClock);

  async function replaceGateway(): Promise<void> {
    gateway = await startGatewayProcess({ redisUrl: redis.url, key: KEY, engine, settings });
    network.leadTo(gateway.port);
  }

  const sufferings: Sufferings<OtherFault> & Partial<Sufferings<Fault>> = {
    ...redis.sufferings,
    async 'gateway killed'(lastsMs) {
      await gateway.process.stop('SIGKILL');
      await pause(lastsMs);
      await replaceGateway();
    },
    async 'gateway drained'() {
      const drained = gateway.process;
      await replaceGateway();
      await drained.stop('SIGTERM');
    },
    async 'network cut'() {
      network.cut();
    },
    async 'network half open'(lastsMs) {
      network.halfOpen();
      await pause(lastsMs);
      network.heal();
    },
    async 'network held'(lastsMs) {
      network.set('hold');
      await pause(lastsMs);
      network.heal();
    },
    async 'network in single bytes'(lastsMs) {
      network.set('crumble');
      await pause(lastsMs);
      network.heal();
    },
  };

  return {
    load,
    witnesses,
    async suffer(fault, lastsMs) {
      const suffering = sufferings[fault];
      if (suffering === undefined) throw new Error(`${fault} is nothing that this Redis can suffer`);
      await suffering(lastsMs);
    },
    async stop() {
      load.stop();
      for (const witness of witnesses) witness.close();
      await bus.stop();
      await network.stop();
      await gateway.process.stop('SIGKILL');
      await redis.stop();
    },
  };
}
