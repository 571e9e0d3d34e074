/** Moments in the reader's time zone, 24 hours, in the page's language. Epoch milliseconds. */
import type { Language } from '../i18n/languages.js';

const DAY_MS = 86_400_000;
/** From then on a day and a month could be those of another year. */
const YEAR_NEEDED_MS = 300 * DAY_MS;

const CLOCK: Record<Language, Intl.DateTimeFormat> = { en: clock('en-GB'), ko: clock('ko-KR') };
const DATED: Record<Language, Intl.DateTimeFormat> = { en: dated('en-GB'), ko: dated('ko-KR') };
const WITH_YEAR: Record<Language, Intl.DateTimeFormat> = {
  en: dated('en-GB', 'numeric'),
  ko: dated('ko-KR', 'numeric'),
};

/** `14:03:09`. */
export function formatClock(timeMs: number, language: Language): string {
  return Number.isFinite(timeMs) ? CLOCK[language].format(timeMs) : '–';
}

/** `14:03:09`, with day and month when it is more than a day from `nowMs`, and the year when it is much more. */
export function formatMoment(timeMs: number, nowMs: number, language: Language): string {
  if (!Number.isFinite(timeMs)) return '–';
  const awayMs = Math.abs(nowMs - timeMs);
  if (awayMs < DAY_MS) return formatClock(timeMs, language);
  return (awayMs < YEAR_NEEDED_MS ? DATED : WITH_YEAR)[language].format(timeMs);
}

function clock(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

function dated(locale: string, year?: 'numeric'): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    ...(year === undefined ? {} : { year }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}
