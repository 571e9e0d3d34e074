/** Hostile handshakes: every way we could think of to begin a connection badly, over raw TCP, by a seed. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { systemClock } from '@pulsewire/runtime';
import type { Random } from '../gateway/support/fuzz.js';
import { handshakeText } from '../gateway/support/raw.js';

export interface HandshakeTarget {
  port: number;
  key: string;
}

type Attack = (target: HandshakeTarget, random: Random) => { bytes: Buffer; thenVanish: boolean };

const KIB = 1024;
/** A whole network of loopback addresses: one that only fails is refused early, and would spare the rest. */
const ADDRESSES = 200;
const FIRST_ADDRESS = 20;
const PATIENCE_MS = 400;

const WRONG_HEADERS: readonly Record<string, string | undefined>[] = [
  { 'Sec-WebSocket-Key': undefined },
  { 'Sec-WebSocket-Key': 'short' },
  { 'Sec-WebSocket-Version': '99' },
  { 'Sec-WebSocket-Version': undefined },
  { Upgrade: 'h2c' },
  { Upgrade: undefined },
  { Connection: 'close' },
  { Host: undefined },
  { 'Sec-WebSocket-Protocol': ',,, ,' },
  { 'Content-Length': '-1' },
  { 'Transfer-Encoding': 'chunked, chunked' },
];

const ATTACKS: Readonly<Record<string, Attack>> = {
  'bad key': () => whole(handshakeText({ 'X-API-KEY': randomBytes(12).toString('hex') })),
  'bad origin': ({ key }) => whole(handshakeText({ 'X-API-KEY': key, Origin: 'https://elsewhere.example' })),
  'broken upgrade': ({ key }, random) =>
    whole(handshakeText({ 'X-API-KEY': key, ...WRONG_HEADERS[random(WRONG_HEADERS.length)] })),
  'large headers': ({ key }) => whole(handshakeText({ 'X-API-KEY': key, 'X-Large': 'x'.repeat(64 * KIB) })),
  'half open': ({ key }, random) => {
    const text = handshakeText({ 'X-API-KEY': key });
    return { bytes: Buffer.from(text.slice(0, random(text.length))), thenVanish: true };
  },
  'pipelined garbage': ({ key }, random) => {
    const garbage = randomBytes(1 + random(4 * KIB));
    return {
      bytes: Buffer.concat([Buffer.from(handshakeText({ 'X-API-KEY': key })), garbage]),
      thenVanish: false,
    };
  },
  'no HTTP at all': (_target, random) => ({ bytes: randomBytes(1 + random(2 * KIB)), thenVanish: false }),
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

/** Resolves when the connection has ended, whoever ended it; at the latest, we vanish. */
export function attack(name: string, target: HandshakeTarget, random: Random): Promise<void> {
  const make = ATTACKS[name];
  if (make === undefined) throw new Error(`no attack is called ${name}`);
  const { bytes, thenVanish } = make(target, random);
  const localAddress = `127.0.0.${FIRST_ADDRESS + random(ADDRESSES)}`;
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port: target.port, localAddress }, () => {
      // Half of these leave with a reset, the others only stop talking.
      if (thenVanish) socket.write(bytes, () => (random(2) === 0 ? socket.resetAndDestroy() : socket.end()));
      else socket.write(bytes);
    });
    socket.resume();
    // Not the socket's own timeout: who was let in hears messages, and is never idle.
    const vanish = systemClock.after(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => {
      vanish();
      resolve();
    });
  });
}

function whole(text: string): { bytes: Buffer; thenVanish: boolean } {
  return { bytes: Buffer.from(text), thenVanish: false };
}
