import { createManualClock, type ManualClock, silentLogger } from '@pulsewire/runtime';
import type { StatusBody } from '@pulsewire/shared-schema';
import { beforeEach, describe, expect, it } from 'vitest';
import { createStatusKeeper, type HostAnnouncement, type StatusKeeper } from './status-keeper.js';

const LAST = '2026-01-19T06:20:00.000Z';

function bodyOf(cpu: number): StatusBody {
  const infrastructure = { cpu, memory: null, disk: null, last_updated: LAST, stale_fields: [] };
  return { infrastructure, services: [], stale: false, hosts: [] };
}

describe('status keeper', () => {
  let clock: ManualClock;
  let keeper: StatusKeeper;
  let questions: { resolve(body: StatusBody): void; reject(error: unknown): void }[];
  let told: HostAnnouncement[];
  beforeEach(() => {
    clock = createManualClock();
    questions = [];
    told = [];
    keeper = createStatusKeeper({
      clock,
      logger: silentLogger,
      read: () => new Promise((resolve, reject) => questions.push({ resolve, reject })),
      refusalOf: (error) => (error instanceof TypeError ? 'it refuses' : null),
      onAnswer: () => {},
      announce: (announcement) => told.push(announcement),
    });
  });

  /** Ends the newest question, and lets what follows from it happen. */
  async function answer(outcome: StatusBody | Error): Promise<void> {
    const question = questions.at(-1);
    if (outcome instanceof Error) question?.reject(outcome);
    else question?.resolve(outcome);
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  it('SB-5: an answer that is a second old, given; a millisecond more, the next one is awaited', async () => {
    await answer(bodyOf(1));
    clock.advance(700);
    clock.advance(300);
    expect(await keeper.current()).toMatchObject({ body: { infrastructure: { cpu: 1 } } });
    clock.advance(1);
    const next = keeper.current();
    await answer(bodyOf(2));
    expect(await next).toMatchObject({ body: { infrastructure: { cpu: 2 } } });
  });

  it('SB-6: a thousand requests and a slow database, one question', async () => {
    const requests = Array.from({ length: 1000 }, () => keeper.current());
    clock.advance(5000);
    expect(questions).toHaveLength(1);
    await answer(bodyOf(1));
    expect(new Set((await Promise.all(requests)).map(({ kind }) => kind))).toEqual(new Set(['status']));
  });

  it('SB-6: no traffic, the same pace', async () => {
    for (let i = 0; i < 10; i += 1) {
      await answer(bodyOf(i));
      clock.advance(700);
    }
    expect(questions).toHaveLength(11);
  });

  it('SB-10: silence for 10 s, unreachable once, with the last time that is known', async () => {
    await answer(bodyOf(1));
    clock.advance(700);
    clock.advance(9999);
    const waiting = keeper.current();
    expect(told).toEqual([]);
    clock.advance(1);
    const body = { error: 'A1_HOST_UNREACHABLE', message: 'A1 HOST UNREACHABLE', last_updated: LAST };
    expect(told).toEqual([{ news: 'lost', body }]);
    expect(await waiting).toEqual({ kind: 'unreachable', body });
    clock.advance(60_000);
    expect(told).toHaveLength(1);
  });

  it('SB-10: questions that fail at once, unreachable 10 s after the first of them', async () => {
    await answer(bodyOf(1));
    for (let i = 0; i < 15; i += 1) {
      clock.advance(700);
      await answer(new Error('gone'));
    }
    expect(keeper.host).toBe('reachable');
    clock.advance(700);
    expect(keeper.host).toBe('unreachable');
  });

  it('SB-11: an answer after that, back once with the length of the outage', async () => {
    clock.advance(12_000);
    await answer(bodyOf(1));
    expect(told.map(({ news }) => news)).toEqual(['lost', 'recovered']);
    expect(told[1]?.body).toMatchObject({ outage_ms: 12_000 });
    clock.advance(700);
    await answer(bodyOf(2));
    expect(await keeper.current()).toMatchObject({ kind: 'status' });
  });

  it('SB-12: silence that ends in time, the requests that waited get what came and nobody is told', async () => {
    await answer(bodyOf(1));
    clock.advance(9000);
    const waiting = keeper.current();
    await answer(bodyOf(2));
    expect(await waiting).toMatchObject({ body: { infrastructure: { cpu: 2 } } });
    clock.advance(5000);
    expect(told).toEqual([]);
  });

  it('SB-13: a refusal, told at once and with its reason', async () => {
    const waiting = keeper.current();
    await answer(new TypeError('no table'));
    expect(await waiting).toEqual({ kind: 'refused', code: 'not_ready', message: 'it refuses' });
  });

  it('SB-41: stopped, who waits is told and nothing is left scheduled', async () => {
    const waiting = keeper.current();
    await keeper.stop();
    expect([await waiting, await keeper.current()]).toMatchObject([
      { code: 'shutting_down' },
      { code: 'shutting_down' },
    ]);
    expect(clock.scheduled).toBe(0);
  });
});
