/** An alert as the message of contracts.md §1. */
import { isoTime } from '@pulsewire/runtime';
import type { Alert } from '@pulsewire/shared-schema';
import { renderAlertId, renderAlertText, renderEndText } from './alert-text.js';
import type { OwnAlert } from './own-alert.js';
import type { AlertRule } from './rule-grammar.js';
import type { Subject } from './subject.js';

export interface AlertMoment {
  nowMs: number;
  /** Since when the condition is, or was, true. */
  startedMs: number;
  /** The series does not exist any more. */
  gone: boolean;
}

/** Why an alert of an earlier run ends although nobody read its series. */
export type EndReason = 'superseded' | 'unconfigured';

export function renderAlert(
  host: string,
  rule: AlertRule,
  subject: Subject,
  state: 'firing' | 'resolved',
  { nowMs, startedMs, gone }: AlertMoment,
): Alert {
  const { container, containerId, mount, core } = subject;
  const data: Alert['data'] = {
    alert_id: renderAlertId(host, rule.text, subject, startedMs),
    rule: rule.text,
    state,
    severity: rule.severity,
    metric_type: subject.metricType,
    source: subject.source,
    value: subject.value,
    threshold: rule.kind === 'threshold' ? rule.threshold : 0,
    message: renderAlertText(host, rule, subject, gone ? 'gone' : state),
    time: isoTime(nowMs),
    started_at: isoTime(startedMs),
    host,
  };
  if (container !== undefined) data.container = container;
  if (containerId !== undefined) data.container_id = containerId;
  if (mount !== undefined) data.mount = mount;
  if (core !== undefined) data.core = core;
  return { type: 'alert', data };
}

/** The end of an alert of an earlier run, with the value that it had. */
export function renderEnd({ data }: OwnAlert, reason: EndReason, nowMs: number): Alert {
  const message = renderEndText(data.host, data.rule, reason);
  return { type: 'alert', data: { ...data, state: 'resolved', message, time: isoTime(nowMs) } };
}
