/** The range of time that a question is about. */
import { readQueryTime } from '@pulsewire/shared-schema/rest-query';
import { answerWith, type Outcome, refuseFields } from './problem.js';

export interface TimeRange {
  fromMs: number;
  /** Not included. */
  toMs: number;
}

/** Ends now and is `lengthMs` long where the query does not say otherwise. */
export function readRange(
  query: { from?: string; to?: string },
  { nowMs, lengthMs }: { nowMs: number; lengthMs: number },
): Outcome<TimeRange> {
  const toMs = query.to === undefined ? nowMs : readQueryTime(query.to);
  const fromMs = query.from === undefined ? Math.max(0, toMs - lengthMs) : readQueryTime(query.from);
  if (fromMs < toMs) return answerWith({ fromMs, toMs });
  return refuseOrder(query.from === undefined ? 'to' : 'from');
}

/** 400 for a range that ends before it begins; `field` is the one that was given. */
export function refuseOrder(field: 'from' | 'to') {
  return refuseFields([{ field, message: 'from must be before to' }]);
}
