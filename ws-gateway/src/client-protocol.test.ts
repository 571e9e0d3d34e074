import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientAction, createClientProtocol } from './client-protocol.js';

function receive(text: string | Buffer, binary = false): ClientAction[] {
  return createClientProtocol().receive(Buffer.from(text), binary, 0);
}

function receiveMany(count: number, everyMs: number, text: string): ClientAction[][] {
  const protocol = createClientProtocol();
  return Array.from({ length: count }, (_, index) =>
    protocol.receive(Buffer.from(text), false, index * everyMs),
  );
}

const PING = '{"type":"ping","data":{"t":7}}';
const subscribe = (data: object) => JSON.stringify({ type: 'subscribe', data });

describe('what a client says', () => {
  it('GW-70: a ping, pong with the same t', () => {
    expect(receive(PING)).toEqual([{ name: 'pong', t: 7 }]);
  });

  it('GW-71: a subscribe, a new selection', () => {
    const [action] = receive(subscribe({ topics: ['alerts'], host: 'a,b', rate: 2, after: '5-0' }));
    expect(action).toMatchObject({
      name: 'select',
      after: '5-0',
      selection: { topics: new Set(['alerts']), hosts: new Set(['a', 'b']), rate: 2 },
    });
  });

  it.each([
    ['invalid JSON', '{', undefined],
    ['no object', '[]', undefined],
    ['an unknown type', '{"type":"shout","data":{}}', undefined],
    ['no type', '{}', 'type'],
    ['no data', '{"type":"ping"}', 'data'],
    ['a wrong t', '{"type":"ping","data":{"t":"x"}}', 'data.t'],
    ['an unknown topic as text', subscribe({ topics: 'nonsense' }), 'data.topics'],
    ['a bad metric type', subscribe({ metric_type: 'NO' }), 'data.metric_type'],
    ['a rate of 0', subscribe({ rate: 0 }), 'data.rate'],
    ['a bad after', subscribe({ after: 'x' }), 'data.after'],
    ['more than 4 KiB', subscribe({ x: 'y'.repeat(4096) }), undefined],
  ])('GW-72: %s, rejected with its field', (_name, text, field) => {
    const [action] = receive(text);
    expect(action).toMatchObject({ name: 'reject', ...(field === undefined ? {} : { field }) });
  });

  it('GW-72: an unknown topic in a list, the field is topics', () => {
    const [action] = receive(subscribe({ topics: ['metrics', 'nonsense'] }));
    expect(action?.name === 'reject' && action.field?.startsWith('data.topics')).toBe(true);
  });

  it('GW-72: a binary frame, rejected', () => {
    expect(receive(PING, true)[0]?.name).toBe('reject');
  });

  it('GW-73: the tenth bad message within a minute, rejected and closed', () => {
    const names = receiveMany(10, 6000, '{').map((actions) => actions.map(({ name }) => name));
    expect(names).toEqual([...Array.from({ length: 9 }, () => ['reject']), ['reject', 'close']]);
  });

  it('GW-73: ten bad messages over more than a minute, none closed', () => {
    const actions = receiveMany(10, 7000, '{').flat();
    expect(actions.every(({ name }) => name === 'reject')).toBe(true);
  });

  it('GW-74: 20 messages within a second, the 21st closes', () => {
    const actions = receiveMany(21, 40, PING);
    expect([actions[19]?.[0]?.name, actions[20]]).toEqual([
      'pong',
      [{ name: 'close', code: 1008, reason: 'too many messages a second' }],
    ]);
  });

  it('GW-74: 20 messages a second for long, none closed', () => {
    expect(
      receiveMany(200, 50, PING)
        .flat()
        .every(({ name }) => name === 'pong'),
    ).toBe(true);
  });

  it('GW-76: any bytes, at least one action and no throw', () => {
    const json = fc.json().map((text) => Buffer.from(text));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const near = fc
      .record({ type: fc.constantFrom('ping', 'subscribe'), data: fc.anything() })
      .map((value) => Buffer.from(JSON.stringify(value) ?? ''));
    fc.assert(
      fc.property(fc.oneof(json, bytes, near), fc.boolean(), (frame, binary) => {
        expect(createClientProtocol().receive(frame, binary, 0).length).toBeGreaterThan(0);
      }),
    );
  });
});
