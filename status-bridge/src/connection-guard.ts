/**
 * Bounds for every connection below Socket.IO, before anybody has shown a token: how many there are, how much they
 * send, and how much may wait for them to read.
 */
import { type IncomingMessage, ServerResponse } from 'node:http';
import { type Cancel, type Clock, networkOf } from '@pulsewire/runtime';
import type { Gate } from './gate.js';
import { endWith, plainAnswer } from './http-errors.js';
import { createProofOfReading, type Pingable } from './proof-of-reading.js';
import { type Rate, spendOne } from './rate-table.js';
import { type Refusal, refusalHeaders } from './refusal.js';

/** The part of Engine.IO's server and connections that is used here. */
export interface Engine {
  readonly clientsCount: number;
  use(middleware: (request: IncomingMessage, response: unknown, next: () => void) => void): void;
  on(event: 'connection', listener: (connection: EngineConnection) => void): unknown;
}

export interface EngineConnection {
  /** What later requests of the connection name as `sid`. */
  readonly id: string;
  readonly request: IncomingMessage;
  /** Long polling at first, perhaps, and then a WebSocket. */
  readonly transport: { readonly name: string; readonly socket?: Pingable };
  /** `packet`: one came; `flush`: all that waited are on their way; `upgrade`: it has another transport now. */
  on(event: 'packet' | 'flush' | 'close' | 'upgrade', listener: () => void): unknown;
  /** One waits to be sent. */
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
  /** With `discard` at once, whatever waits. */
  close(discard: boolean): void;
}

export interface ConnectionGuardOptions {
  engine: Engine;
  gate: Gate;
  clock: Clock;
  maxConnections: number;
  maxOfAddress: number;
  addressOf(request: IncomingMessage): string;
  onCutOff(reason: 'flood' | 'slow'): void;
}

/** Clients answer a ping every 25 s, and that is all. */
const PACKETS: Rate = { perMinute: 120, burst: 20 };
/** Three seconds of the fastest log; long polling collects as much between two requests. */
const MAX_UNSENT_PACKETS = 600;
/** The same lines at their longest. In UTF-16 units. */
const MAX_UNSENT_LENGTH = 4_194_304;
/** In which a client must have read what it had been sent at the beginning. As long as Engine.IO waits for a pong. */
const PROOF_MS = 20_000;
const RETRY_AFTER_MS = 30_000;

/** Returns its end. */
export function guardConnections(options: ConnectionGuardOptions): Cancel {
  const { engine, gate, clock, onCutOff } = options;
  const connectionsOf = new Map<string, number>();
  const known = new Set<string>();
  const proofs = new Map<EngineConnection, () => void>();
  const placeOf = (request: IncomingMessage) => networkOf(options.addressOf(request));

  engine.use((request, response, next) => {
    const refused = gate.admitAddress(options.addressOf(request)) ?? judgeHandshake(request);
    if (refused === null) next();
    else answer(request, response, refused);
  });

  function judgeHandshake(request: IncomingMessage): Refusal | null {
    if (isKnown(request)) return null;
    const refused = gate.admitOrigin(request.headers.origin, request.headers.host);
    if (refused !== null) return refused;
    const ofAddress = connectionsOf.get(placeOf(request)) ?? 0;
    const isFull = engine.clientsCount >= options.maxConnections || ofAddress >= options.maxOfAddress;
    return isFull ? gate.refuse('too_many_clients', RETRY_AFTER_MS) : null;
  }

  /** Of a `sid` that is empty Engine.IO makes a new connection, so only one that is there is none. */
  function isKnown(request: IncomingMessage): boolean {
    const { searchParams } = new URL(request.url ?? '', 'http://bridge');
    return known.has(searchParams.getAll('sid').at(-1) ?? '');
  }

  engine.on('connection', (connection) => {
    const place = placeOf(connection.request);
    let fullAtMs = 0;
    let unsent = 0;
    let unsentLength = 0;
    const proof = createProofOfReading();
    proofs.set(connection, () => {
      if (!proof.ask(webSocketOf(connection))) cutOff(connection, 'slow');
    });
    known.add(connection.id);
    connectionsOf.set(place, (connectionsOf.get(place) ?? 0) + 1);
    connection.on('close', () => {
      known.delete(connection.id);
      proofs.delete(connection);
      const left = (connectionsOf.get(place) ?? 1) - 1;
      if (left === 0) connectionsOf.delete(place);
      else connectionsOf.set(place, left);
    });
    const count = () => {
      const spent = spendOne(PACKETS, fullAtMs, clock.monotonicMs());
      fullAtMs = spent.fullAtMs;
      if (spent.waitMs > 0) cutOff(connection, 'flood');
    };
    // A WebSocket answers each ping that comes, which is no packet to Engine.IO.
    const countPings = () => void webSocketOf(connection)?.on('ping', count);
    countPings();
    connection.on('upgrade', countPings);
    connection.on('packet', count);
    connection.on('packetCreate', ({ data }) => {
      const wasBounded = unsent < MAX_UNSENT_PACKETS && unsentLength < MAX_UNSENT_LENGTH;
      unsent += 1;
      unsentLength += typeof data === 'string' ? data.length : 0;
      const isBounded = unsent < MAX_UNSENT_PACKETS && unsentLength < MAX_UNSENT_LENGTH;
      if (wasBounded && !isBounded) cutOff(connection, 'slow');
    });
    connection.on('flush', () => {
      unsent = 0;
      unsentLength = 0;
    });
  });
  return clock.every(PROOF_MS, () => {
    for (const prove of [...proofs.values()]) prove();
  });

  function cutOff(connection: EngineConnection, reason: 'flood' | 'slow'): void {
    // What it still sends until its socket is closed does not count again.
    if (!known.has(connection.id)) return;
    onCutOff(reason);
    connection.close(true);
  }
}

function webSocketOf({ transport }: EngineConnection): Pingable | null {
  return (transport.name === 'websocket' ? transport.socket : null) ?? null;
}

/** What Engine.IO hands over for a WebSocket handshake is no real response: its socket is answered by hand. */
function answer(request: IncomingMessage, response: unknown, refused: Refusal): void {
  const headers = refusalHeaders(refused);
  const { status, code, message } = refused;
  if (response instanceof ServerResponse) {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify({ error: code, message }));
  } else {
    endWith(request.socket, plainAnswer(status, code, message, headers));
  }
}
