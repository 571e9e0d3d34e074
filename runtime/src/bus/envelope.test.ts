import type { BusMessage } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePayload, markRedelivered, readTail, withId } from './envelope.js';

const anyId = fc.tuple(fc.nat(), fc.nat(99_999)).map(([ms, sequence]) => `${ms}-${sequence}`);
const anyMessage = fc
  .tuple(fc.string(), fc.jsonValue())
  .map(([type, value]) => ({ type, data: { value } }) as unknown as BusMessage);

describe('envelope', () => {
  it('RT-120: any message and id, are valid JSON together, and the id is found again', () => {
    fc.assert(
      fc.property(anyMessage, anyId, fc.boolean(), (message, id, redelivered) => {
        const payload = encodePayload(message);
        const bytes = withId(Buffer.from(redelivered ? markRedelivered(payload) : payload), id);
        const expected = JSON.parse(payload) as object;
        expect(JSON.parse(String(bytes))).toEqual({ ...expected, ...(redelivered && { redelivered }), id });
        const tail = readTail(bytes);
        expect(tail).toEqual({ id, bodyEnd: Buffer.byteLength(payload) - 1, redelivered });
      }),
    );
  });

  it('RT-121: any bytes, are read without throwing, and only a well-formed end gives an id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
        const tail = readTail(Buffer.from(random));
        expect(tail === null || /^\d{1,15}-\d{1,10}$/.test(tail.id)).toBe(true);
      }),
    );
  });

  it.each([
    '{"type":"a","data":{"id":"1-1"}}',
    '{"type":"a","data":{},"id":"1-1"} ',
    '{"type":"a","data":{},"id":"1"}',
    '{"type":"a","data":{},"id":"-1"}',
    '{"type":"a","data":{},"id":"1-"}',
    '{"type":"a","data":{},"id":"1234567890123456-1"}',
    '{"type":"a","data":{},"id":"1-12345678901"}',
    '{"type":"a","data":{}, "id":"1-1"}',
    '"id":"1-1"}',
    '"}',
    '',
  ])('RT-122: an end that is not exactly ours, is foreign: %s', (text) => {
    expect(readTail(Buffer.from(text))).toBeNull();
  });

  it('RT-123: a message that carries an id, is encoded without it', () => {
    const message = { type: 'alert', data: {}, id: '5-5' } as unknown as BusMessage;
    expect(encodePayload(message)).toBe('{"type":"alert","data":{}}');
  });
});
