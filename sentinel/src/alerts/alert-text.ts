/** How an alert is called and what it says. */
import { createHash } from 'node:crypto';
import { CONTAINER_METRIC_UNITS, HOST_METRIC_UNITS } from '@pulsewire/shared-schema';
import type { EndReason } from './alert-message.js';
import { type AlertRule, renderDuration } from './rule-grammar.js';
import type { Place, Subject } from './subject.js';

const MAX_ID_LENGTH = 256;
const DIGEST_LENGTH = 32;
const SHORT_CONTAINER_ID = 12;

/** The same for `firing` and its `resolved`, different for every firing: `host:rule:series:started`. */
export function renderAlertId(
  host: string,
  rule: string,
  { containerId, mount, core }: Place,
  startedMs: number,
): string {
  const place = containerId?.slice(0, SHORT_CONTAINER_ID) ?? mount ?? core ?? '';
  const id = `${host}:${rule.replaceAll(' ', '_')}:${place}:${startedMs}`;
  if (id.length <= MAX_ID_LENGTH) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, DIGEST_LENGTH);
  return `${id.slice(0, MAX_ID_LENGTH - DIGEST_LENGTH - 1)}:${digest}`;
}

/** One sentence for a person; at most 4,096 characters. */
export function renderAlertText(
  host: string,
  rule: AlertRule,
  subject: Subject,
  says: 'firing' | 'resolved' | 'gone',
): string {
  return `${renderSentence(rule, subject, says)} on ${host}`.slice(0, 4096);
}

/** Why an alert of an earlier run is over, for a person. */
export function renderEndText(host: string, rule: string, reason: EndReason): string {
  const why: Record<EndReason, string> = {
    superseded: 'fires anew since a restart of the sentinel',
    unconfigured: 'is not configured any more',
  };
  return `Rule ${rule} ${why[reason]} on ${host}`.slice(0, 4096);
}

function renderSentence(rule: AlertRule, subject: Subject, says: 'firing' | 'resolved' | 'gone'): string {
  const container = `Container ${subject.container}`;
  if (rule.kind === 'container_state') {
    if (says === 'gone') return `${container} was removed`;
    if (rule.condition === 'unhealthy')
      return `${container} is ${says === 'firing' ? 'unhealthy' : 'not unhealthy any more'}`;
    return says === 'firing' ? `${container} exited with code ${subject.value}` : `${container} recovered`;
  }
  const what = nameOf(subject);
  if (says === 'gone') return `${what} is not there any more`;
  const value = `${what} is ${subject.value.toFixed(1)}${renderUnit(subject)}`;
  if (says === 'resolved') return `${value} again`;
  return `${value}, ${rule.operator}${rule.threshold}${rule.forMs > 0 ? ` for ${renderDuration(rule.forMs)}` : ''},`;
}

function nameOf(subject: Subject): string {
  if (subject.container !== undefined) return `${subject.metricType} of container ${subject.container}`;
  if (subject.mount !== undefined) return `${subject.metricType} ${subject.mount}`;
  return subject.core === undefined ? subject.metricType : `${subject.metricType} ${subject.core}`;
}

function renderUnit({ source, metricType }: Subject): string {
  const units: Record<string, string> = source === 'host' ? HOST_METRIC_UNITS : CONTAINER_METRIC_UNITS;
  const unit = units[metricType];
  if (unit === 'percent') return ' %';
  return unit === 'load' || unit === undefined ? '' : ` ${unit}`;
}
