/** Round moments for a time axis, in the reader's time zone: full hours and midnights are where readers expect them. */
import type { Language } from '../../i18n/languages.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 7, 14].map((n) => n * DAY_MS),
];
const MONTHS_PER_STEP = [1, 2, 3, 6, 12];
const MONTH_MS = 30.4 * DAY_MS;

/** At most `most` moments between two others. */
export function splitTicks(fromMs: number, toMs: number, most: number): readonly number[] {
  const neededMs = (toMs - fromMs) / most;
  const stepMs = STEPS_MS.find((step) => step >= neededMs);
  if (stepMs === undefined) return monthTicks(fromMs, toMs, neededMs);
  return stepMs < DAY_MS ? clockTicks(fromMs, toMs, stepMs) : dayTicks(fromMs, toMs, stepMs / DAY_MS);
}

/** Multiples of a step by the wall clock, also where its distance to UTC is no whole hour. */
function clockTicks(fromMs: number, toMs: number, stepMs: number): number[] {
  const offsetMs = new Date(fromMs).getTimezoneOffset() * MINUTE_MS;
  const firstMs = Math.ceil((fromMs - offsetMs) / stepMs) * stepMs + offsetMs;
  const count = Math.max(0, Math.floor((toMs - firstMs) / stepMs) + 1);
  return Array.from({ length: count }, (_, index) => firstMs + index * stepMs);
}

/** Midnights; a day of a changed clock has 23 or 25 hours. */
function dayTicks(fromMs: number, toMs: number, days: number): number[] {
  const ticks: number[] = [];
  const day = new Date(fromMs);
  day.setHours(24, 0, 0, 0);
  while (day.getTime() <= toMs) {
    ticks.push(day.getTime());
    day.setDate(day.getDate() + days);
  }
  return ticks;
}

function monthTicks(fromMs: number, toMs: number, neededMs: number): number[] {
  const months = MONTHS_PER_STEP.find((count) => count * MONTH_MS >= neededMs) ?? 12;
  const ticks: number[] = [];
  const month = new Date(fromMs);
  month.setHours(0, 0, 0, 0);
  month.setMonth(month.getMonth() + 1, 1);
  while (month.getTime() <= toMs) {
    ticks.push(month.getTime());
    month.setMonth(month.getMonth() + months);
  }
  return ticks;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', ko: 'ko-KR' };
type Precision = 'seconds' | 'minutes' | 'days' | 'months';
const OPTIONS: Record<Precision, Intl.DateTimeFormatOptions> = {
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minutes: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  days: { month: 'short', day: 'numeric' },
  months: { year: 'numeric', month: 'short' },
};
const formats = new Map<string, Intl.DateTimeFormat>();

/** As precise as a chart of this length needs; midnight is written as its day. */
export function formatTick(timeMs: number, lengthMs: number, language: Language): string {
  const moment = new Date(timeMs);
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0;
  return formatOf(precisionOf(lengthMs, isMidnight), language).format(timeMs);
}

function precisionOf(lengthMs: number, isMidnight: boolean): Precision {
  if (lengthMs > 180 * DAY_MS) return 'months';
  if (lengthMs > 4 * DAY_MS || (isMidnight && lengthMs > HOUR_MS)) return 'days';
  return lengthMs <= 5 * MINUTE_MS ? 'seconds' : 'minutes';
}

function formatOf(precision: Precision, language: Language): Intl.DateTimeFormat {
  const key = `${precision} ${language}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], OPTIONS[precision]);
  formats.set(key, format);
  return format;
}
