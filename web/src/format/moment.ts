/** Moments in the reader's time zone, 24 hours, in the page's language. Epoch milliseconds. */
import type { Language } from '../i18n/languages.js';

const DAY_MS = 86_400_000;

const CLOCK: Record<Language, Intl.DateTimeFormat> = { en: clock('en-GB'), ko: clock('ko-KR') };
const DATED: Record<Language, Intl.DateTimeFormat> = { en: dated('en-GB'), ko: dated('ko-KR') };

/** `14:03:09`. */
export function formatClock(timeMs: number, language: Language): string {
  return Number.isFinite(timeMs) ? CLOCK[language].format(timeMs) : '–';
}

/** `14:03:09`, with day and month when it is more than a day from `nowMs`. */
export function formatMoment(timeMs: number, nowMs: number, language: Language): string {
  if (!Number.isFinite(timeMs)) return '–';
  return Math.abs(nowMs - timeMs) < DAY_MS ? formatClock(timeMs, language) : DATED[language].format(timeMs);
}

function clock(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

function dated(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}
