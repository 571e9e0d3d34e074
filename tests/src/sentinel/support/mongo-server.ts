/**
 * As much of a MongoDB server as a probe needs, because there is none for tests: it speaks the wire protocol
 * (OP_MSG, and OP_QUERY for the first greeting) with real BSON, so that the official driver works against it.
 * Source: the MongoDB wire protocol and command references.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { BSON, type Document } from 'bson';

export interface TestMongo {
  readonly port: number;
  /** Names of the commands that came in, greetings left out. */
  readonly commands: readonly string[];
  /** Answer to every command but greetings while set. */
  failure: Document | null;
  /** Takes commands and answers nothing while set. */
  frozen: boolean;
  /** Number of connections that are open. */
  readonly connections: number;
  /** Listens again on the same port. */
  start(): Promise<void>;
  /** Breaks every connection and listens no more. */
  stop(): Promise<void>;
}

interface Request {
  id: number;
  opCode: number;
  command: Document;
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const GREETINGS = ['hello', 'isMaster', 'ismaster'];

/** `databases` by name, each with what `dbStats` tells of it. */
export async function startMongo(databases: Readonly<Record<string, Document>>): Promise<TestMongo> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  let port = 0;

  function answer(command: Document): Document | null {
    const name = Object.keys(command)[0] ?? '';
    if (GREETINGS.includes(name)) return mongo.frozen ? null : GREETING;
    commands.push(name);
    if (mongo.frozen) return null;
    if (mongo.failure !== null) return mongo.failure;
    if (name === 'ping' || name === 'endSessions') return { ok: 1 };
    if (name === 'dbStats') return { ...databases[String(command['$db'])], ok: 1 };
    if (name === 'listDatabases')
      return { databases: Object.keys(databases).map((database) => ({ name: database })), ok: 1 };
    return { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: `no such command: '${name}'` };
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
        const length = received.readInt32LE(0);
        const request = parseRequest(received.subarray(0, length));
        received = received.subarray(length);
        const reply = answer(request.command);
        if (reply !== null) socket.write(renderReply(request, reply));
      }
    });
  });

  const mongo: TestMongo = {
    get port() {
      return port;
    },
    commands,
    failure: null,
    frozen: false,
    get connections() {
      return sockets.size;
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: '127.0.0.1', port }, () => {
          port = (server.address() as AddressInfo).port;
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  await mongo.start();
  return mongo;
}

const GREETING = {
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
  ok: 1,
};

function parseRequest(bytes: Buffer): Request {
  const opCode = bytes.readInt32LE(12);
  const body = opCode === OP_QUERY ? queryBody(bytes) : bytes.subarray(HEADER_BYTES + 5);
  return {
    id: bytes.readInt32LE(4),
    opCode,
    command: BSON.deserialize(body.subarray(0, body.readInt32LE(0))),
  };
}

/** Flags, a name that ends with zero, two numbers, and then the document. */
function queryBody(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf(0, HEADER_BYTES + 4) + 1 + 8);
}

function renderReply({ id, opCode }: Request, reply: Document): Buffer {
  const document = BSON.serialize(reply);
  // OP_REPLY: flags, cursor (8 bytes), first document, number of documents. OP_MSG: flags, kind of section.
  const head = Buffer.alloc(opCode === OP_QUERY ? 20 : 5);
  if (opCode === OP_QUERY) head.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + head.length + document.length, 0);
  header.writeInt32LE(id, 8);
  header.writeInt32LE(opCode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, head, document]);
}
