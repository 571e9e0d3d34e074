import { CHANNELS, compareLogIds } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, LogEntry } from './bus.js';
import { type ChannelFeed, createChannelFeed } from './channel-feed.js';
import { markRedelivered, withId } from './envelope.js';
import { LOG_START } from './log-position.js';

type Wire = { barrier: string; sentAtMs: number } | { bytes: Buffer };
const FAR_MS = 1_000_000;
const payload = (name: string) => `{"type":"t","data":"${name}"}`;
const nameOf = (delivery: Delivery) => /"data":"([^"]*)"/.exec(String(delivery.bytes))?.[1] ?? '';

/** A server with one log, one connection to the feed, and a foreign producer that makes ids up. */
function createModel() {
  const deliveries: Delivery[] = [];
  let duplicates = 0;
  const feed: ChannelFeed = createChannelFeed({
    channel: CHANNELS.metrics,
    after: null,
    deliver: (delivery) => deliveries.push(delivery),
    onDuplicate: () => {
      duplicates += 1;
    },
  });
  const log: LogEntry[] = [];
  let wire: Wire[] = [];
  let ms = 1000;
  /** Orders probes and the end of recoveries. */
  let stepMs = 0;
  const append = (text: string) => {
    ms += 1;
    const entry = { id: `${ms}-0`, bytes: Buffer.from(text) };
    log.push(entry);
    wire.push({ bytes: withId(entry.bytes, entry.id) });
  };
  const receive = () => {
    const next = wire.shift();
    if (next === undefined) return;
    if ('barrier' in next) feed.barrier(next.barrier, next.sentAtMs);
    else feed.receive(next.bytes, ms + 10);
  };
  const newest = () => log.at(-1)?.id ?? LOG_START;
  const probe = () => {
    stepMs += 1;
    wire.push({ barrier: newest(), sentAtMs: stepMs });
  };
  const goLive = () => {
    stepMs += 1;
    feed.goLive({ atMs: stepMs, newestIdMs: ms + 10 });
  };
  feed.hold();
  feed.startAt(LOG_START);
  goLive();
  return {
    feed,
    deliveries,
    append,
    receive,
    names: () => deliveries.map(nameOf),
    duplicates: () => duplicates,
    foreign: (id: string, name: string) => wire.push({ bytes: withId(Buffer.from(payload(name)), id) }),
    probe,
    /** Connection lost; then subscribed again, with `meanwhile` happening before the log is read. */
    reconnect(meanwhile: () => void) {
      feed.hold();
      wire = [];
      meanwhile();
      const position = feed.position() ?? LOG_START;
      feed.recover(log.filter(({ id }) => compareLogIds(id, position) > 0));
      goLive();
    },
    settle() {
      while (wire.length > 0) receive();
    },
  };
}

const anyForgedId = fc
  .tuple(fc.oneof(fc.integer({ min: 998, max: 1030 }), fc.constant(FAR_MS)), fc.nat(1))
  .map(([ms, sequence]) => `${ms}-${sequence}`);
const anyAct = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'append' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'receive' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forge' as const), id: anyForgedId }) },
  { weight: 1, arbitrary: fc.constant({ do: 'probe' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reconnect' as const),
      during: fc.array(fc.constantFrom('append', 'probe', 'receive', 'forge'), { maxLength: 6 }),
    }),
  },
);

describe('channel feed', () => {
  it('RT-110: any losses and made-up ids, every logged message is delivered once and in order', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 120 }), (acts) => {
        const model = createModel();
        const published: string[] = [];
        const append = () => {
          published.push(`n${published.length}`);
          model.append(payload(published.at(-1) ?? ''));
        };
        for (const act of acts) {
          if (act.do === 'append') append();
          else if (act.do === 'receive') model.receive();
          else if (act.do === 'forge') model.foreign(act.id, 'forged');
          else if (act.do === 'probe') model.probe();
          else
            model.reconnect(() => {
              for (const event of act.during)
                if (event === 'append') append();
                else if (event === 'probe') model.probe();
                else if (event === 'receive') model.receive();
                else model.foreign(`${FAR_MS}-0`, 'forged');
            });
        }
        model.reconnect(() => {});
        model.settle();
        expect(model.names().filter((name) => name !== 'forged')).toEqual(published);
      }),
      { numRuns: 500 },
    );
  });

  it('RT-111: an id that the log cannot have given, is delivered without id and moves no position', () => {
    const model = createModel();
    model.append(payload('a'));
    model.probe();
    model.foreign(`${FAR_MS}-0`, 'future');
    model.foreign('1-0', 'past');
    model.settle();
    expect(model.deliveries.map(({ id }) => id)).toEqual(['1001-0', null, null]);
    expect([model.feed.position(), model.feed.lastId()]).toEqual(['1001-0', '1001-0']);
  });

  it('RT-111: an id from the future that came in during recovery, is delivered without id', () => {
    const model = createModel();
    model.reconnect(() => {
      model.foreign(`${FAR_MS}-0`, 'future');
      model.receive();
    });
    expect(model.deliveries.map(({ id, bytes }) => [id, String(bytes)])).toEqual([[null, payload('future')]]);
    expect(model.feed.lastId()).toBeNull();
  });

  it('RT-117: a probe from before the log was read, does not let live copies in again', () => {
    const model = createModel();
    model.reconnect(() => {
      model.probe();
      model.append(payload('a'));
    });
    model.settle();
    model.reconnect(() => {});
    expect(model.names()).toEqual(['a']);
  });

  it('RT-118: what came in before the place to begin at was known, and lies before it, is not delivered', () => {
    const model = createModel();
    model.feed.hold();
    model.append(payload('before'));
    model.receive();
    model.feed.startAt('1001-0');
    model.feed.goLive({ atMs: 10, newestIdMs: FAR_MS });
    model.append(payload('after'));
    model.settle();
    expect(model.deliveries.map((delivery) => [nameOf(delivery), delivery.id])).toEqual([
      ['after', '1002-0'],
    ]);
  });

  it('RT-112: a redelivered message whose body went past, is ignored, live and from the log', () => {
    const model = createModel();
    model.append(payload('a'));
    model.append(markRedelivered(payload('a')));
    model.settle();
    model.reconnect(() => {
      model.append(markRedelivered(payload('a')));
      model.append(markRedelivered(payload('b')));
    });
    model.settle();
    expect(model.names()).toEqual(['a', 'b']);
  });

  it('RT-113: the same body twice without the mark, is two messages', () => {
    const model = createModel();
    model.append(payload('a'));
    model.append(payload('a'));
    model.settle();
    expect(model.names()).toEqual(['a', 'a']);
  });

  it('RT-114: a message that the log and the connection both brought, is counted as a duplicate', () => {
    const model = createModel();
    model.reconnect(() => model.append(payload('a')));
    model.settle();
    expect([model.names(), model.duplicates(), model.deliveries[0]?.recovered]).toEqual([['a'], 1, true]);
  });

  it('RT-115: a log that was lost while connected, goes on with the ids of the new one', () => {
    const model = createModel();
    model.append(payload('a'));
    model.settle();
    model.feed.barrier(LOG_START, Number.POSITIVE_INFINITY);
    model.append(payload('b'));
    model.settle();
    expect(model.names()).toEqual(['a', 'b']);
    expect(model.feed.position()).toBe(LOG_START);
  });
});
