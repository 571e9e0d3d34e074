/** The words of the replay. */
import type { Language } from '../../../i18n/languages.js';

const en = {
  title: 'Replay',
  explain: 'What you see was recorded. It is not now.',
  play: 'Play',
  pause: 'Pause',
  speed: 'Speed',
  times: (speed: number) => `${speed} ×`,
  position: 'Position',
  back: '10 s back',
  forward: '10 s on',
  toMoment: 'To the picked moment',
  close: 'Back to the charts',
  loading: 'Fetching what was recorded …',
  logs: 'Logs',
  logsMissing: 'Logs could not be asked for.',
  logsCut: 'More lines were written than are shown here; the log page has all of them.',
  lacksEvents: 'Too much has happened to containers since then: the status of some is not known.',
  none: 'Nothing was recorded around this moment',
  noneExplain: 'The database answers; it has no samples of these ten minutes.',
  coarse: (length: string) =>
    `The samples of this time are not kept any more: values are averages of ${length}.`,
};
export type ReplayWords = typeof en;

const ko: ReplayWords = {
  title: '다시 재생',
  explain: '기록된 내용이며 현재 상태가 아닙니다.',
  play: '재생',
  pause: '일시 정지',
  speed: '속도',
  times: (speed) => `${speed}배`,
  position: '위치',
  back: '10초 뒤로',
  forward: '10초 앞으로',
  toMoment: '선택한 시각으로',
  close: '차트로 돌아가기',
  loading: '기록을 가져오는 중…',
  logs: '로그',
  logsMissing: '로그를 불러오지 못했습니다.',
  logsCut: '여기에 표시된 것보다 더 많은 로그가 기록되었습니다. 로그 페이지에서 모두 볼 수 있습니다.',
  lacksEvents: '그 이후 컨테이너 이벤트가 너무 많아 일부 컨테이너의 상태를 알 수 없습니다.',
  none: '이 시각 전후의 기록이 없습니다',
  noneExplain: '데이터베이스는 응답하지만 이 10분의 측정값이 없습니다.',
  coarse: (length) => `이 시기의 원본 측정값은 더 이상 보관되지 않아 ${length} 평균으로 표시합니다.`,
};

export const REPLAY_WORDS: Record<Language, ReplayWords> = { en, ko };
