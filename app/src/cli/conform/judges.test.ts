import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULES } from './conform.js';
import type { Conversation, Frame } from './evidence.js';
import { readMessage, splitAtSnapshot } from './judging.js';

const SILENT: Conversation = { refused: null, protocol: '', frames: [], pingsAtMs: [], closed: null };
const heartbeat = RULES.find(({ id }) => id === 'GW-90');
const frame = (text: string): Frame => ({ text, binary: false, atMs: 0 });
const phase = (name: string) => frame(JSON.stringify({ type: 'snapshot', data: { phase: name } }));

describe('judges', () => {
  it('CL-20: pings and then the end, a heartbeat', () => {
    const seen = { ...SILENT, pingsAtMs: [20_000, 40_000], closed: { code: 1006, atMs: 60_000 } };
    expect(heartbeat?.judge(seen)).toEqual({ kind: 'ok' });
  });

  it('CL-20: pings without an end, no heartbeat', () => {
    const seen = { ...SILENT, pingsAtMs: [20_000, 40_000, 60_000] };
    expect(heartbeat?.judge(seen)).toMatchObject({ kind: 'not ok', got: '3 pings, still open' });
  });

  it('CL-20: any frame, read without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (text, binary) => {
        const message = readMessage({ text, binary, atMs: 0 });
        expect(message === null || typeof message.type === 'string').toBe(true);
      }),
    );
  });

  it('CL-20: frames around a snapshot, told apart', () => {
    const [before, inside, after] = ['a', 'b', 'c'].map(frame) as [Frame, Frame, Frame];
    const frames = [before, phase('begin'), inside, phase('end'), after];
    expect(splitAtSnapshot(frames)).toEqual({ snapshot: [inside], live: [after] });
  });
});
