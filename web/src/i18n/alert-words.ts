/** What an alert says, in the language of the page. */
import type { Alert } from '@pulsewire/shared-schema';
import { type AlertFacts, deriveAlertFacts } from '../live/alert-facts.js';
import { sayAlertInKorean } from './ko-alerts.js';
import type { Language } from './languages.js';

/** English is what producers write themselves, and more precisely than their fields tell. */
const WORDS: Record<Language, ((facts: AlertFacts) => string) | null> = { en: null, ko: sayAlertInKorean };

/** One sentence. An alert that is not one of ours keeps its producer's. */
export function sayAlert(data: Alert['data'], language: Language): string {
  const say = WORDS[language];
  const facts = say === null ? null : deriveAlertFacts(data);
  return say === null || facts === null ? data.message : say(facts);
}
