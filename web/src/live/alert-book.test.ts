import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { alert, alertView } from '../testing/messages.test-support.js';
import {
  type AlertBook,
  type AlertNews,
  applyAlert,
  EMPTY_BOOK,
  mostUrgent,
  RECENT_KEPT,
} from './alert-book.js';
import { deriveTitle } from './title.js';
import { addToast, TOASTS_SHOWN } from './toasts.js';

type Event = [id: string, state: 'firing' | 'resolved', atMs?: number];
function play(...events: Event[]): { book: AlertBook; news: AlertNews[] } {
  let book = EMPTY_BOOK;
  const news = events.map(([id, state, atMs], index) => {
    const step = applyAlert(book, alert(id, state, START_MS + (atMs ?? index)).data);
    book = step.book;
    return step.news;
  });
  return { book, news };
}

describe('alert book', () => {
  it('WB-50: fires, repeats, ends, ends again: began and ended once', () => {
    expect(play(['1', 'firing'], ['1', 'firing'], ['1', 'resolved'], ['1', 'resolved']).news).toEqual([
      'began',
      'none',
      'ended',
      'none',
    ]);
  });
  it('WB-50: fires again after it ended, news again', () => {
    expect(play(['1', 'firing'], ['1', 'resolved'], ['1', 'firing']).news.at(-1)).toBe('began');
  });
  it('WB-51: ends without having been seen firing, recorded silently', () => {
    const { book, news } = play(['1', 'resolved']);
    expect([news, book.recent.length]).toEqual([['none'], 1]);
  });
  it('WB-51: a message older than the known one, ignored', () => {
    const { book } = play(['1', 'resolved', 10], ['1', 'firing', 5]);
    expect([book.firing.length, book.recent.length]).toEqual([0, 1]);
  });
  it('WB-51: any messages, an id is listed once and the past is bounded', () => {
    const event = fc.tuple(
      fc.integer({ min: 0, max: 80 }).map(String),
      fc.constantFrom<'firing' | 'resolved'>('firing', 'resolved'),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { book } = play(...events);
        const ids = [...book.firing, ...book.recent].map(({ data }) => data.alert_id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(book.recent.length).toBeLessThanOrEqual(RECENT_KEPT);
      }),
    );
  });
  it('WB-53: more toasts than fit, the newest stay', () => {
    const toasts = ['1', '2', '3', '4', '5', '6'].reduce(
      (list, id) => addToast(list, alertView(id), START_MS),
      [] as ReturnType<typeof addToast>,
    );
    expect(toasts.map(({ id }) => id)).toEqual(['6', '5', '4', '3'].slice(0, TOASTS_SHOWN));
  });
  it('WB-54: the title, with and without firing alerts', () => {
    expect([deriveTitle(2, null, 'Pulsewire'), deriveTitle(0, 'Logs', 'Pulsewire')]).toEqual([
      '(2) Pulsewire',
      'Logs · Pulsewire',
    ]);
  });
  it('WB-57: many are firing, the critical ones and then the newest are shown first', () => {
    const firing = [
      alertView('newest'),
      alertView('worst', { severity: 'critical' }),
      alertView('older'),
      alertView('oldest'),
    ];
    expect(mostUrgent(firing, 3).map(({ data }) => data.alert_id)).toEqual(['worst', 'newest', 'older']);
  });
});
