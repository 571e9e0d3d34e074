import { CLOSE_CODES } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, nothing, PART, packet, setUp, watch } from './testing/audience-rig.js';

describe('an audience of uWebSockets.js', () => {
  it('GW-55: 500 clients, all are written to at once', () => {
    const { audienceOf } = setUp();
    const { audience, members } = audienceOf(PART);
    audience.write(packet('1', '2'), nothing);
    expect(counted(members)).toEqual({ '1 2': PART });
  });

  it('GW-55: 1,200 clients, 500 in each turn of the event loop', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1200);
    audience.write(packet('1'), nothing);
    expect(watch(members, turn)).toEqual([{ '1': 500, '': 700 }, { '1': 1000, '': 200 }, { '1': 1200 }]);
  });

  it('GW-55: a message comes in the midst of a round, who is still to come gets both, and the round goes on', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1200);
    audience.write(packet('1'), nothing);
    audience.write(packet('2'), nothing);
    expect(watch(members, turn)).toEqual([
      { '1': 500, '': 700 },
      { '1': 500, '1 2': 500, '': 200 },
      { '1': 500, '1 2': 700 },
      { '1 2': 1200 },
    ]);
  });

  it('GW-55: one round after the other, each begins with another part', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1000);
    const hadFirst = ['1', '2', '3'].map((text) => {
      audience.write(packet(text), nothing);
      const first = members[0]?.texts.includes(text);
      while (turn());
      return first;
    });
    expect(hadFirst).toEqual([true, false, true]);
  });

  it('GW-55: three groups of 500, one in each turn', () => {
    const { audienceOf, turn } = setUp();
    const groups = ['1', '2', '3'].map((text) => ({ text, ...audienceOf(PART) }));
    for (const { text, audience } of groups) audience.write(packet(text), nothing);
    const all = groups.flatMap(({ members }) => members);
    expect(watch(all, turn)).toEqual([
      { '1': 500, '': 1000 },
      { '1': 500, '2': 500, '': 500 },
      { '1': 500, '2': 500, '3': 500 },
    ]);
  });

  it('GW-55: one is sent something else in the midst of a round, it alone is ahead of its part', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1000);
    audience.write(packet('1'), nothing);
    members.at(-1)?.connection.write(packet('own'));
    const during = counted(members);
    audience.write(packet('2'), nothing);
    while (turn());
    expect([during, counted(members)]).toEqual([
      { '1': 500, '': 499, '1 own': 1 },
      { '1 2': 999, '1 own 2': 1 },
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

  it('GW-101: what is due to a member, counted until it is written, for one that is ahead what came since', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(502);
    const [rest, ahead] = members.slice(-2).map(({ connection }) => connection);
    const [one, two] = [packet('one'), packet('number two')];
    audience.write(one, nothing);
    ahead?.write(packet('own'));
    audience.write(two, nothing);
    const due = [rest?.dueBytes, ahead?.dueBytes];
    while (turn());
    expect([due, rest?.dueBytes, ahead?.dueBytes]).toEqual([[one.bytes + two.bytes, two.bytes], 0, 0]);
  });

  it('GW-107: what is to be done behind the next packet, done once, in the turn of its part and behind all that is due', () => {
    const { audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(501);
    const [first, last] = [members[0]?.connection, members.at(-1)?.connection];
    for (const connection of [first, last]) connection?.behindNext(() => connection.ping('mark'));
    audience.write(packet('1'), nothing);
    audience.write(packet('2'), nothing);
    while (turn());
    audience.write(packet('3'), nothing);
    while (turn());
    expect([members[0]?.texts, members.at(-1)?.texts]).toEqual([
      ['1', '(mark)', '2', '3'],
      ['1', '2', '(mark)', '3'],
    ]);
  });

  it('GW-107: in no audience, done at once', () => {
    const { connect } = setUp();
    const { connection, texts } = connect();
    connection.behindNext(() => connection.ping('mark'));
    expect(texts).toEqual(['(mark)']);
  });

  it('GW-107: it left the audience before, not done', () => {
    const { audienceOf } = setUp();
    const { audience, members } = audienceOf(2);
    const connection = members[0]?.connection;
    connection?.behindNext(() => connection.ping('mark'));
    if (connection !== undefined) audience.delete(connection);
    audience.write(packet('1'), nothing);
    expect(members.map(({ texts }) => texts)).toEqual([[], ['1']]);
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

  it('GW-55: the only client of a group leaves before its turn, still 500 in each turn', () => {
    const { audienceOf, mostInTurn, turn } = setUp();
    const [large, small] = [audienceOf(2000), audienceOf(1)];
    large.audience.write(packet('1'), nothing);
    small.audience.write(packet('1'), nothing);
    for (const { connection } of small.members) small.audience.delete(connection);
    for (const text of ['2', '3', '4']) {
      large.audience.write(packet(text), nothing);
      turn();
    }
    while (turn());
    expect([mostInTurn(), counted(large.members)]).toEqual([500, { '1 2 3 4': 2000 }]);
  });

  it('GW-105: nothing is under way, what waits for that is run at once', () => {
    const { rounds } = setUp();
    const run: string[] = [];
    rounds.whenIdle(() => run.push('now'));
    expect(run).toEqual(['now']);
  });

  it('GW-105: a round is under way, the last that waits for its end is run in the turn after it', () => {
    const { rounds, audienceOf, turn } = setUp();
    const { audience, members } = audienceOf(1000);
    const run: string[] = [];
    audience.write(packet('1'), nothing);
    for (const name of ['first', 'last']) rounds.whenIdle(() => run.push(name));
    const seen = [0, 1, 2].map(() => {
      turn();
      return [counted(members)['1'], [...run]];
    });
    expect(seen).toEqual([
      [1000, []],
      [1000, ['last']],
      [1000, ['last']],
    ]);
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

  it('GW-55: anything in any order, each member gets all that was written while it was one, in order, and each write calls back once', () => {
    const pick = (name: 'leave' | 'own' | 'close') => fc.record({ do: fc.constant(name), at: fc.nat() });
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({ do: 'write' as const }) },
        { weight: 3, arbitrary: fc.constant({ do: 'turn' as const }) },
        {
          weight: 2,
          arbitrary: fc.record({ do: fc.constant('join' as const), count: fc.integer({ min: 1, max: 700 }) }),
        },
        { weight: 1, arbitrary: pick('leave') },
        { weight: 2, arbitrary: pick('own') },
        { weight: 1, arbitrary: pick('close') },
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (given) => {
        const { audienceOf, connect, mostInTurn, turn } = setUp();
        const { audience } = audienceOf(0);
        const all: { client: ReturnType<typeof connect>; expected: string[] }[] = [];
        const members: typeof all = [];
        const writes = { made: 0, calledBack: 0 };
        given.forEach((step, index) => {
          const text = String(index);
          if (step.do === 'turn') turn();
          if (step.do === 'write') {
            writes.made += 1;
            audience.write(packet(text), () => {
              writes.calledBack += 1;
            });
            for (const { client, expected } of members) if (client.connection.isOpen) expected.push(text);
          }
          if (step.do === 'join')
            for (let joined = 0; joined < step.count; joined += 1) {
              const member = { client: connect(), expected: [] };
              all.push(member);
              members.push(member);
              audience.add(member.client.connection);
            }
          if (!('at' in step) || members.length === 0) return;
          const at = step.at % members.length;
          const chosen = members[at];
          if (chosen === undefined) return;
          const { connection } = chosen.client;
          if (step.do === 'leave') {
            members.splice(at, 1);
            audience.delete(connection);
          }
          if (step.do === 'close') connection.close(CLOSE_CODES.serviceRestart, 'done');
          if (step.do === 'own') {
            if (connection.isOpen) chosen.expected.push(text);
            connection.write(packet(text));
          }
        });
        while (turn());
        expect(all.map(({ client }) => client.texts)).toEqual(all.map(({ expected }) => expected));
        expect(writes.calledBack).toBe(writes.made);
        expect(mostInTurn()).toBeLessThanOrEqual(PART);
      }),
      { numRuns: 60 },
    );
  });
});
