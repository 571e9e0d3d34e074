/** The language of the page and its messages, for components. */
import type { Alert } from '@pulsewire/shared-schema';
import { createContext, useContext } from 'react';
import { formatDuration } from '../format/duration.js';
import { formatClock, formatMoment } from '../format/moment.js';
import { sayAlert } from './alert-words.js';
import type { Messages } from './en.js';
import { CATALOGUES, type Language } from './languages.js';

export interface Speech {
  readonly language: Language;
  readonly text: Messages;
  duration(lengthMs: number): string;
  clock(timeMs: number): string;
  moment(timeMs: number, nowMs: number): string;
  /** What the alert says, in one sentence. */
  alert(data: Alert['data']): string;
}

export function speechOf(language: Language): Speech {
  const text = CATALOGUES[language];
  return {
    language,
    text,
    duration: (lengthMs) => formatDuration(lengthMs, text.duration),
    clock: (timeMs) => formatClock(timeMs, language),
    moment: (timeMs, nowMs) => formatMoment(timeMs, nowMs, language),
    alert: (data) => sayAlert(data, language),
  };
}

export const SpeechContext = createContext<Speech>(speechOf('en'));

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}
