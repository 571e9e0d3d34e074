import { describe, expect, it } from 'vitest';
import { createProofOfReading, type Pingable } from './proof-of-reading.js';

function createPeer() {
  const asked: Buffer[] = [];
  const listeners: ((data: Buffer) => void)[] = [];
  const socket: Pingable = {
    ping: (data) => void asked.push(data),
    on: (_event, listener) => listeners.push(listener),
  };
  const say = (data: Buffer) => {
    for (const listener of listeners) listener(data);
  };
  return { socket, asked, say, answer: () => say(asked.at(-1) ?? Buffer.alloc(0)) };
}

describe('the proof of reading', () => {
  it('SB-37: every question answered, believed for ever', () => {
    const peer = createPeer();
    const proof = createProofOfReading();
    const outcomes = [1, 2, 3].map(() => {
      const believed = proof.ask(peer.socket);
      peer.answer();
      return believed;
    });
    expect(outcomes).toEqual([true, true, true]);
  });

  it.each([
    ['nothing', (): Buffer[] => []],
    ['something else', () => [Buffer.alloc(0), Buffer.alloc(8)]],
    ['what was asked earlier', (earlier: Buffer) => [earlier]],
  ])('SB-37: a question answered with %s, not believed any more', (_what, answers) => {
    const peer = createPeer();
    const proof = createProofOfReading();
    proof.ask(peer.socket);
    const earlier = peer.asked[0] ?? Buffer.alloc(0);
    peer.answer();
    proof.ask(peer.socket);
    for (const data of answers(earlier)) peer.say(data);
    expect(proof.ask(peer.socket)).toBe(false);
  });

  it('SB-37: long polling and then a WebSocket, asked from then on', () => {
    const peer = createPeer();
    const proof = createProofOfReading();
    expect([proof.ask(null), proof.ask(null), proof.ask(peer.socket), proof.ask(peer.socket)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
