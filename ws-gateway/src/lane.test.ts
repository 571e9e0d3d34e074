import { createManualClock } from '@pulsewire/runtime';
import type { BusMessage } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Audience } from './engine.js';
import { createLane } from './lane.js';
import type { Packet } from './packet.js';
import { readSelection } from './selection.js';
import { createFakeMember, createFakePacer } from './testing/fakes.js';
import { alert, arrival, metric } from './testing/messages.js';

function setUp(messagesPerSecond: number, createAudience?: () => Audience) {
  const result = readSelection({});
  if (!result.ok) throw new Error('bad selection');
  const clock = createManualClock();
  const pacer = createFakePacer();
  const thinned: number[] = [];
  const written: { count: number; held: boolean }[] = [];
  let flushes = 0;
  let seq = 0;
  const lane = createLane({
    selection: result.selection,
    messagesPerSecond,
    clock,
    createPacer: pacer.create,
    requestFlush() {
      flushes += 1;
    },
    onSent() {},
    onWritten: (arrivals, held) => written.push({ count: arrivals.length, held }),
    ...(createAudience === undefined ? {} : { createAudience }),
    onThinned: (skipped) => thinned.push(skipped),
  });
  return {
    lane,
    pacer,
    clock,
    thinned,
    written,
    flushRequests: () => flushes,
    offer(message: BusMessage) {
      seq += 1;
      lane.offer(arrival(message, { seq, receivedMs: clock.monotonicMs() }));
      return seq;
    },
    /** Time passes and every paced flush happens. */
    run(ms: number) {
      for (let passed = 0; passed < ms; passed += 100) {
        clock.advance(100);
        pacer.run();
      }
    },
  };
}

const value = (metricType: string, number: number) => metric({ metric_type: metricType, value: number });
const text = (message: BusMessage) => JSON.stringify(message);
const payloadsOnly = (texts: string[]) => texts.filter((each) => !each.includes('"notice"'));

describe('a lane', () => {
  it('GW-98: some of its members are written to later, it is told when all were', () => {
    const calls: (() => void)[] = [];
    const audience = {
      add() {},
      delete() {},
      write: (_packet: Packet, done: () => void) => calls.push(done),
    };
    const { lane, offer, written } = setUp(200, () => audience);
    lane.add(createFakeMember(), 0);
    offer(value('cpu', 1));
    lane.flush();
    const before = [...written];
    for (const call of calls) call();
    expect([before, written]).toEqual([[], [{ count: 1, held: false }]]);
  });

  it('GW-98: what the limit held back, told as such', () => {
    const { lane, offer, run, written } = setUp(1);
    lane.add(createFakeMember(), 0);
    offer(value('cpu', 1));
    offer(value('mem', 2));
    lane.flush();
    run(2000);
    expect(written.map(({ held }) => held)).toEqual([false, true]);
  });

  it('GW-51: several messages in one turn, one flush asked for and one write to each member', () => {
    const { lane, offer, flushRequests } = setUp(200);
    const members = [createFakeMember(), createFakeMember()];
    for (const member of members) lane.add(member, 0);
    offer(value('cpu', 1));
    offer(value('mem', 2));
    lane.flush();
    expect([flushRequests(), ...members.map(({ packets }) => packets.length)]).toEqual([1, 1, 1]);
  });

  it('GW-51: members share one packet', () => {
    const { lane, offer } = setUp(200);
    const [first, second] = [createFakeMember(), createFakeMember()];
    lane.add(first, 0);
    lane.add(second, 0);
    offer(value('cpu', 1));
    lane.flush();
    expect(first.packets[0]).toBe(second.packets[0]);
  });

  it('GW-60: below the limit nothing waits and no pacer is made', () => {
    const { lane, offer, pacer } = setUp(5);
    const member = createFakeMember();
    lane.add(member, 0);
    for (let index = 0; index < 5; index += 1) offer(value('cpu', index));
    lane.flush();
    expect([member.texts().length, pacer.intervalMs]).toEqual([5, null]);
  });

  it('GW-61: above the limit, the newest per series arrives when there is room', () => {
    const { lane, offer, run } = setUp(2);
    const member = createFakeMember();
    lane.add(member, 0);
    for (let index = 1; index <= 10; index += 1) offer(value('cpu', index));
    lane.flush();
    run(2000);
    expect(payloadsOnly(member.texts())).toEqual([1, 2, 10].map((number) => text(value('cpu', number))));
  });

  it('GW-62: above the limit, alerts go out at once and all of them', () => {
    const { lane, offer } = setUp(1);
    const member = createFakeMember();
    lane.add(member, 0);
    offer(value('cpu', 1));
    offer(value('cpu', 2));
    const alerts = [alert(), alert({ state: 'resolved' }), alert({ alert_id: 'a-2' })];
    for (const each of alerts) offer(each);
    lane.flush();
    expect(member.texts()).toEqual([text(value('cpu', 1)), ...alerts.map(text)]);
  });

  it('GW-64: thinning for long, one notice a second with what was skipped since the last', () => {
    const { lane, offer, run, thinned } = setUp(1);
    const member = createFakeMember();
    lane.add(member, 0);
    for (let tenth = 0; tenth < 30; tenth += 1) {
      offer(value('cpu', tenth));
      lane.flush();
      run(100);
    }
    run(12_000);
    const notices = member.texts().filter((each) => each.includes('"notice"'));
    const samples = payloadsOnly(member.texts()).length;
    const skipped = thinned.reduce((sum, count) => sum + count, 0);
    expect(skipped).toBe(30 - samples);
    expect([skipped > 0, notices.length <= 2]).toEqual([true, true]);
  });

  it.each([1, 2, 5])(
    'GW-60, GW-64: a rate of %d, never more within a second, and a sample nearly as often',
    (rate) => {
      const { lane, offer, run, clock } = setUp(rate);
      const sentAtMs: number[] = [];
      const member = createFakeMember();
      lane.add(member, 0);
      for (let tenth = 0; tenth < 600; tenth += 1) {
        offer(value('cpu', tenth));
        lane.flush();
        run(100);
        while (sentAtMs.length < member.texts().length) sentAtMs.push(clock.monotonicMs());
      }
      const samples = payloadsOnly(member.texts()).length;
      const most = Math.max(
        ...sentAtMs.map((at) => sentAtMs.filter((other) => other >= at && other < at + 1000).length),
      );
      expect([most <= rate, samples >= 60 * rate * 0.75]).toEqual([true, true]);
    },
  );

  it('GW-64: thinning is over, nothing is scheduled any more', () => {
    const { lane, offer, run, pacer } = setUp(2);
    lane.add(createFakeMember(), 0);
    for (let index = 0; index < 9; index += 1) offer(value('cpu', index));
    run(5000);
    expect(pacer.pending).toBe(0);
  });

  it('GW-65: joined while samples wait, those that the snapshot had do not come again', () => {
    const { lane, offer, run } = setUp(1);
    const [early, late] = [createFakeMember(), createFakeMember()];
    lane.add(early, 0);
    offer(value('cpu', 1));
    const waiting = offer(value('mem', 2));
    lane.flush();
    lane.add(late, waiting);
    offer(value('disk', 3));
    run(5000);
    expect([payloadsOnly(early.texts()).length, late.texts()]).toEqual([3, [text(value('disk', 3))]]);
  });

  it('GW-62, GW-63: whatever comes, every alert arrives, in order, and no series goes back', () => {
    const steps = fc.array(
      fc.record({ kind: fc.constantFrom('cpu', 'mem', 'alert'), waitMs: fc.constantFrom(0, 10, 150) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (given, limit) => {
        const { lane, offer, run } = setUp(limit);
        const member = createFakeMember();
        lane.add(member, 0);
        given.forEach(({ kind, waitMs }, index) => {
          offer(kind === 'alert' ? alert({ value: index }) : value(kind, index));
          lane.flush();
          if (waitMs > 0) run(waitMs);
        });
        run(20_000);
        const heard = payloadsOnly(member.texts()).map((each) => JSON.parse(each) as BusMessage);
        const valuesOf = (name: string) =>
          heard.flatMap((message) => {
            if (message.type === 'alert') return name === 'alert' ? [message.data.value] : [];
            return message.type === 'system_metric' && message.data.metric_type === name
              ? [message.data.value]
              : [];
          });
        const sentOf = (name: string) => given.flatMap(({ kind }, index) => (kind === name ? [index] : []));
        expect(valuesOf('alert')).toEqual(sentOf('alert'));
        for (const name of ['cpu', 'mem']) {
          const values = valuesOf(name);
          expect(values).toEqual([...values].sort((a, b) => a - b));
          expect(values.at(-1)).toBe(sentOf(name).at(-1));
        }
      }),
    );
  });
});
