/** A private Redis Cluster on loopback: every node is a `redis-server` that a test may kill, freeze and start again. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { startRedis, type TestRedis } from './redis.js';
import { poll, within } from './within.js';

export interface TestCluster {
  /** What goes into REDIS_URL. */
  readonly url: string;
  /** Masters first, as they were made. */
  readonly nodes: readonly TestRedis[];
  /** The nodes that are masters now. */
  masters(): Promise<TestRedis[]>;
  /** The node that owns the slot of a key or channel now. */
  ownerOf(key: string): Promise<TestRedis>;
  /** A replica of that owner that is in step with it. */
  replicaOf(key: string): Promise<TestRedis>;
  /**
   * Moves the slot of a key or channel with all its keys to one master after the other, as `redis-cli` would, each time
   * within milliseconds.
   */
  moveSlotOf(key: string, ...way: TestRedis[]): Promise<void>;
  /** Resolves when every node that runs takes commands for all slots. */
  settled(): Promise<void>;
  /** Runs one command on one node. */
  ask(node: TestRedis, ...command: string[]): Promise<unknown>;
  /** Leaves no key on any master. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartClusterOptions {
  masters?: number;
  /** Of each master. */
  replicas?: number;
  appendOnly?: boolean;
  /** How long a node must be silent until the others elect another one. */
  nodeTimeoutMs?: number;
}

/** A node that is frozen takes connections and says nothing. */
const PING_PATIENCE_MS = 500;

export async function startRedisCluster(options: StartClusterOptions = {}): Promise<TestCluster> {
  const { masters = 3, replicas = 0, appendOnly = false, nodeTimeoutMs = 2000 } = options;
  const nodes: TestRedis[] = [];
  for (let node = 0; node < masters * (replicas + 1); node += 1) {
    const settings = {
      'cluster-enabled': 'yes',
      'cluster-port': String(await freePort()),
      'cluster-node-timeout': String(nodeTimeoutMs),
      // Nobody waits for a full copy to begin.
      'repl-diskless-sync-delay': '0',
    };
    nodes.push(await startRedis({ appendOnly, settings }));
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const create = [
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    String(replicas),
    '--cluster-yes',
  ];
  await promisify(execFile)('redis-cli', create);
  const cluster = createHandle(nodes, `redis-cluster://${addresses.join(',')}`);
  await cluster.settled();
  return cluster;
}

function createHandle(nodes: readonly TestRedis[], url: string): TestCluster {
  const atPort = (port: number) => {
    const node = nodes.find((each) => each.port === port);
    if (node === undefined) throw new Error(`port ${port} is no node of the cluster`);
    return node;
  };

  /** The rows of CLUSTER SLOTS for a key, as a node that runs tells them: the master's port, then the replicas'. */
  async function portsOf(key: string): Promise<number[]> {
    const [node] = await running(nodes);
    if (node === undefined) throw new Error('no node of the cluster answers');
    const slot = Number(await ask(node, 'CLUSTER', 'KEYSLOT', key));
    const rows = (await ask(node, 'CLUSTER', 'SLOTS')) as [number, number, ...[string, number][]][];
    const row = rows.find(([first, last]) => first <= slot && slot <= last);
    return (row?.slice(2) as [string, number][] | undefined)?.map(([, port]) => port) ?? [];
  }

  async function masters(): Promise<TestRedis[]> {
    const found: TestRedis[] = [];
    for (const node of await running(nodes))
      if (String(await ask(node, 'INFO', 'replication')).includes('role:master')) found.push(node);
    return found;
  }

  const ownerOf = async (key: string) => atPort((await portsOf(key))[0] ?? 0);

  return {
    url,
    nodes,
    ask,
    masters,
    ownerOf,
    replicaOf: (key) =>
      poll(
        async () => {
          const [, port] = await portsOf(key);
          if (port === undefined) return undefined;
          const replication = String(await ask(atPort(port), 'INFO', 'replication'));
          return replication.includes('master_link_status:up') ? atPort(port) : undefined;
        },
        { what: `a replica of the owner of ${key}` },
      ),
    async moveSlotOf(key, ...way) {
      let from = await ownerOf(key);
      const slot = String(await ask(from, 'CLUSTER', 'KEYSLOT', key));
      const lines = await openLines([from, ...way]);
      try {
        for (const to of way) {
          await moveSlot(slot, lines, from, to);
          from = to;
        }
      } finally {
        for (const { redis } of lines.values()) redis.disconnect();
      }
    },
    async settled() {
      const isSettled = async () => {
        for (const node of await running(nodes))
          if (!String(await ask(node, 'CLUSTER', 'INFO')).includes('cluster_state:ok')) return undefined;
        return true;
      };
      await poll(isSettled, { what: 'the cluster to settle', timeoutMs: 30_000, everyMs: 50 });
    },
    async empty() {
      for (const node of await masters()) await ask(node, 'FLUSHALL');
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function running(nodes: readonly TestRedis[]): Promise<TestRedis[]> {
  const ping = (node: TestRedis) => within(ask(node, 'PING'), PING_PATIENCE_MS, 'PONG').catch(() => null);
  const answers = await Promise.all(nodes.map(ping));
  return nodes.filter((_node, index) => answers[index] === 'PONG');
}

interface Line {
  redis: Redis;
  nodeId: string;
}

async function openLines(nodes: readonly TestRedis[]): Promise<Map<TestRedis, Line>> {
  const lines = new Map<TestRedis, Line>();
  for (const node of nodes) {
    if (lines.has(node)) continue;
    const redis = connectTo(node);
    await redis.connect();
    lines.set(node, { redis, nodeId: String(await redis.call('CLUSTER', 'MYID')) });
  }
  return lines;
}

async function moveSlot(
  slot: string,
  lines: ReadonlyMap<TestRedis, Line>,
  from: TestRedis,
  to: TestRedis,
): Promise<void> {
  const [source, target] = [lines.get(from), lines.get(to)];
  if (source === undefined || target === undefined) throw new Error('no line to a node of the way');
  await target.redis.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source.nodeId);
  await source.redis.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target.nodeId);
  for (;;) {
    const keys = (await source.redis.call('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[];
    if (keys.length === 0) break;
    await source.redis.call('MIGRATE', '127.0.0.1', to.port, '', '0', '10000', 'KEYS', ...keys);
  }
  for (const { redis } of [target, source])
    await redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', target.nodeId);
}

function connectTo(node: TestRedis): Redis {
  const redis = new Redis(node.url, {
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    commandTimeout: 15_000,
  });
  redis.on('error', () => undefined);
  return redis;
}

async function ask(node: TestRedis, ...command: string[]): Promise<unknown> {
  const redis = connectTo(node);
  try {
    await redis.connect();
    const [name = '', ...args] = command;
    return await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}
