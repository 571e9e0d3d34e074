/** What a failure is called and what it means, in the languages of the page. */
import type { Language } from '../i18n/languages.js';
import type { RestFailureKind } from './failure.js';

interface FailureWords {
  readonly title: Readonly<Record<RestFailureKind, string>>;
  readonly explain: Readonly<Record<RestFailureKind, string>>;
  readonly since: (at: string) => string;
  readonly shownAsOf: (at: string) => string;
  readonly again: string;
  readonly askAgain: string;
}

export const FAILURE_WORDS: Record<Language, FailureWords> = {
  en: {
    title: {
      outage: 'Database outage (503)',
      too_wide: 'Not finished in time',
      unreachable: 'Server cannot be reached',
      refused: 'Not allowed',
      throttled: 'Too many questions',
      absent: 'No history here',
      rejected: 'Not understood',
      broken: 'Unusable answer',
    },
    explain: {
      outage: 'The server cannot reach its database. What was recorded is not lost; it cannot be read now.',
      too_wide: 'The database is busy or silent, or there is too much to look through.',
      unreachable: 'Neither data nor “no data”: the question had no answer.',
      refused: 'The server does not let this key read what was recorded.',
      throttled: 'The server asks this page to wait.',
      absent: 'This server records nothing, or its recording is switched off.',
      rejected: 'The server refused the question.',
      broken: 'The server failed, or sent what cannot be read.',
    },
    since: (at) => `Since ${at}.`,
    shownAsOf: (at) => `What is shown is as of ${at}.`,
    again: 'It is asked again by itself.',
    askAgain: 'Ask now',
  },
  ko: {
    title: {
      outage: '데이터베이스 장애(503)',
      too_wide: '시간 초과',
      unreachable: '서버에 연결할 수 없음',
      refused: '권한 없음',
      throttled: '요청이 너무 많음',
      absent: '기록 기능 없음',
      rejected: '잘못된 요청',
      broken: '읽을 수 없는 응답',
    },
    explain: {
      outage: '서버가 데이터베이스에 연결할 수 없습니다. 기록은 사라지지 않았지만 지금은 읽을 수 없습니다.',
      too_wide: '데이터베이스가 바쁘거나 응답하지 않습니다. 또는 범위가 너무 넓을 수 있습니다.',
      unreachable: '데이터가 없는 것이 아니라 응답을 받지 못했습니다.',
      refused: '이 키로는 기록을 읽을 수 없습니다.',
      throttled: '서버가 잠시 기다려 달라고 요청했습니다.',
      absent: '이 서버는 기록하지 않거나 기록이 꺼져 있습니다.',
      rejected: '서버가 요청을 거부했습니다.',
      broken: '서버에서 오류가 났거나 읽을 수 없는 응답을 보냈습니다.',
    },
    since: (at) => `${at}부터.`,
    shownAsOf: (at) => `표시된 내용은 ${at} 기준입니다.`,
    again: '자동으로 다시 시도합니다.',
    askAgain: '지금 다시 시도',
  },
};
