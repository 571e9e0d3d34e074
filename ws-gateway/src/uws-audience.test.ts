import { CLOSE_CODES } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacket } from './packet.js';
import { createRounds } from './uws-audience.js';
import { UwsConnection } from './uws-connection.js';
import type { UwsSocket } from './uws-module.js';

const PART = 500;
const packet = (...texts: string[]) => createPacket(texts.map((text) => Buffer.from(text)));
const nothing = () => {};

/** A library whose sockets remember what they are sent, and turns of the event loop that pass when told. */
function setUp() {
  const topics = new Map<string, Set<string[]>>();
  const subscribersOf = (topic: string) => topics.get(topic) ?? new Set();
  let tasks: (() => void)[] = [];
  const rounds = createRounds({
    publish: (topic, payload) => subscribersOf(topic).forEach((texts) => void texts.push(String(payload))),
    defer: (task) => tasks.push(task),
  });

  function connect() {
    const texts: string[] = [];
    const subscribed = new Set<string>();
    const socket = {
      send: (message: Uint8Array) => texts.push(String(message)),
      cork: (task: () => void) => task(),
      getBufferedAmount: () => 0,
      end: nothing,
      getTopics: () => [...subscribed],
      subscribe(topic: string) {
        subscribed.add(topic);
        topics.set(topic, subscribersOf(topic).add(texts));
      },
      unsubscribe(topic: string) {
        subscribed.delete(topic);
        subscribersOf(topic).delete(texts);
      },
    };
    return { texts, connection: new UwsConnection(socket as unknown as UwsSocket) };
  }

  function audienceOf(size: number) {
    const audience = rounds.createAudience();
    const members = Array.from({ length: size }, connect);
    for (const { connection } of members) audience.add(connection);
    return { audience, members };
  }

  return {
    rounds,
    connect,
    audienceOf,
    /** Returns whether there was anything to do. */
    turn() {
      const due = tasks;
      tasks = [];
      for (const task of due) task();
      return due.length > 0;
    },
  };
}

/** How many members got what. */
function counted(members: { texts: string[] }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { texts } of members) counts[texts.join(' ')] = (counts[texts.join(' ')] ?? 0) + 1;
  return counts;
}

describe('an audience of uWebSockets.js', () => {
  it('GW-55: 500 clients, all are written to at once', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(PART);
    audience.write(packet('1', '2'), nothing);
    expect([counted(members), turn()]).toEqual([{ '1 2': PART }, false]);
  });

  it('GW-55: 1,200 clients, 500 in each turn of the event loop', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1200);
    audience.write(packet('1'), nothing);
    const seen = [counted(members)];
    while (turn()) seen.push(counted(members));
    expect(seen).toEqual([{ '1': 500, '': 700 }, { '1': 1000, '': 200 }, { '1': 1200 }]);
  });

  it('GW-55: a message comes in the midst of a round, who is still to come gets both, and the round goes on', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1200);
    audience.write(packet('1'), nothing);
    audience.write(packet('2'), nothing);
    const seen = [counted(members)];
    while (turn()) seen.push(counted(members));
    expect(seen).toEqual([{ '1': 500, '': 700 }, { '1': 500, '1 2': 500, '': 200 }, { '1 2': 1200 }]);
  });

  it('GW-55: two audiences, their parts take turns', () => {
    const { audienceOf, turn } = setUp();
    const [one, other] = [audienceOf(600), audienceOf(600)];
    one.audience.write(packet('1'), nothing);
    other.audience.write(packet('2'), nothing);
    const seen = [counted([...one.members, ...other.members])];
    while (turn()) seen.push(counted([...one.members, ...other.members]));
    expect(seen).toEqual([
      { '1': 500, '': 700 },
      { '1': 600, '2': 500, '': 100 },
      { '1': 600, '2': 600 },
    ]);
  });

  it('GW-98: it calls back once, when the last part has been written to', () => {
    const { audienceOf, turn } = setUp();
    const { audience } = audienceOf(1200);
    const calls: string[] = [];
    audience.write(packet('1'), () => calls.push('written'));
    const before = [...calls];
    while (turn());
    expect([before, calls]).toEqual([[], ['written']]);
  });

  it('GW-98: it is empty or small, it calls back at once', () => {
    const { audienceOf } = setUp();
    const calls: string[] = [];
    audienceOf(0).audience.write(packet('1'), () => calls.push('empty'));
    audienceOf(2).audience.write(packet('1'), () => calls.push('small'));
    expect(calls).toEqual(['empty', 'small']);
  });

  it('GW-101: what is due to a member, counted until it is written', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(501);
    const last = members.at(-1)?.connection;
    const sent = packet('four');
    audience.write(sent, nothing);
    const before = last?.dueBytes;
    while (turn());
    expect([before, last?.dueBytes]).toEqual([sent.bytes, 0]);
  });

  it('GW-108: said goodbye to before its turn, what is due goes first', () => {
    const { audienceOf } = setUp();
    const { audience, members } = audienceOf(501);
    audience.write(packet('1'), nothing);
    const last = members.at(-1);
    last?.connection.close(CLOSE_CODES.serviceRestart, 'done');
    expect(last?.texts).toEqual(['1']);
  });

  it('GW-55: a part loses its last member before its turn, the others are still written to', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(501);
    const calls: string[] = [];
    audience.write(packet('1'), () => calls.push('written'));
    const last = members.at(-1);
    if (last !== undefined) audience.delete(last.connection);
    audience.write(packet('2'), nothing);
    while (turn());
    expect([counted(members), calls]).toEqual([{ '1': 1, '1 2': 500 }, ['written']]);
  });

  it('GW-92: stopped in the midst of a round, nothing more is written', () => {
    const { rounds, audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(501);
    audience.write(packet('1'), nothing);
    rounds.stop();
    audience.write(packet('2'), nothing);
    while (turn());
    expect(counted(members)).toEqual({ '1': 500, '': 1 });
  });

  it('GW-55: anything in any order, each member gets all that was written while it was one, in order', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({ do: 'write' as const }) },
        { weight: 3, arbitrary: fc.constant({ do: 'turn' as const }) },
        {
          weight: 1,
          arbitrary: fc.record({ do: fc.constant('join' as const), count: fc.integer({ min: 1, max: 700 }) }),
        },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), at: fc.nat() }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('own' as const), at: fc.nat() }) },
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (given) => {
        const { audienceOf, connect, turn } = setUp();
        const { audience } = audienceOf(0);
        const all: { client: ReturnType<typeof connect>; expected: string[] }[] = [];
        const members: typeof all = [];
        given.forEach((step, index) => {
          const text = String(index);
          if (step.do === 'turn') turn();
          if (step.do === 'write') {
            audience.write(packet(text), nothing);
            for (const { expected } of members) expected.push(text);
          }
          if (step.do === 'join')
            for (let joined = 0; joined < step.count; joined += 1) {
              const member = { client: connect(), expected: [] };
              all.push(member);
              members.push(member);
              audience.add(member.client.connection);
            }
          if (members.length === 0) return;
          if (step.do === 'leave')
            for (const { client } of members.splice(step.at % members.length, 1))
              audience.delete(client.connection);
          if (step.do === 'own') {
            const member = members[step.at % members.length];
            member?.client.connection.write(packet(text));
            member?.expected.push(text);
          }
        });
        while (turn());
        expect(all.map(({ client }) => client.texts)).toEqual(all.map(({ expected }) => expected));
      }),
      { numRuns: 60 },
    );
  });
});
