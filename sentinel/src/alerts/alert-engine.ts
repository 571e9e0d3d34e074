/** Feeds every reading to the rules that look at it, and keeps one machine per rule and series. */
import { isoTime } from '@pulsewire/runtime';
import type { Alert, ContainerStatus, MetricSource } from '@pulsewire/shared-schema';
import { type Sample, seriesOf } from '../sample.js';
import type { Batch } from '../sampling/sampler.js';
import { renderAlertId, renderAlertText } from './alert-text.js';
import { observeContainer, observeValue } from './observe.js';
import type { AlertRule } from './rule-grammar.js';
import { type Observation, RULE_OK, type RuleState, stepRule } from './rule-machine.js';

export interface AlertEngine {
  /** Alerts that these readings raise or resolve, in order. Stale readings prove nothing and change nothing. */
  observeBatch(batch: Batch): Alert[];
  observeStatus(container: ContainerStatus['data'], timeMs: number): Alert[];
  readonly firing: number;
}

export interface AlertEngineOptions {
  rules: readonly AlertRule[];
  host: string;
  /** Readings further apart do not count as uninterrupted. */
  maxGapMs: number;
}

/** What an alert is about, as far as its message needs it. */
export interface Subject {
  series: string;
  source: MetricSource;
  metricType: string;
  unit: 'number' | 'exit_code' | 'health';
  value: number;
  container?: string;
  containerId?: string;
  mount?: string;
  core?: number;
}

/** A machine that is not `ok`. */
interface Active {
  rule: AlertRule;
  state: RuleState;
  subject: Subject;
  origin: string;
}

const DOCKER_ORIGIN = 'docker';
const STOPPED: readonly ContainerStatus['data']['status'][] = ['exited', 'dead', 'created', 'removing'];

export function createAlertEngine({ rules, host, maxGapMs }: AlertEngineOptions): AlertEngine {
  const active = new Map<string, Active>();
  const thresholds = rules.filter((rule) => rule.kind === 'threshold');
  const states = rules.filter((rule) => rule.kind === 'container_state');

  function step(
    rule: AlertRule,
    subject: Subject,
    origin: string,
    observation: Observation,
    nowMs: number,
  ): Alert[] {
    const key = `${rule.text} ${subject.series}`;
    const before = active.get(key)?.state ?? RULE_OK;
    const forMs = rule.kind === 'threshold' ? rule.forMs : 0;
    const { state, says } = stepRule(before, observation, { nowMs, forMs, maxGapMs });
    if (state.name === 'ok') active.delete(key);
    else active.set(key, { rule, state, subject, origin });
    if (says === null) return [];
    const startedMs =
      state.name === 'firing' ? state.sinceMs : before.name === 'firing' ? before.sinceMs : nowMs;
    return [renderAlert(rule, subject, says, { nowMs, startedMs, gone: observation === 'gone' })];
  }

  function renderAlert(
    rule: AlertRule,
    subject: Subject,
    state: 'firing' | 'resolved',
    { nowMs, startedMs, gone }: { nowMs: number; startedMs: number; gone: boolean },
  ): Alert {
    const data: Alert['data'] = {
      alert_id: renderAlertId(host, rule, subject, startedMs),
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
    if (subject.container !== undefined) data.container = subject.container;
    if (subject.mount !== undefined) data.mount = subject.mount;
    return { type: 'alert', data };
  }

  function endAll(isGone: (entry: Active) => boolean, nowMs: number): Alert[] {
    return [...active.values()]
      .filter(isGone)
      .flatMap(({ rule, subject, origin }) => step(rule, subject, origin, 'gone', nowMs));
  }

  return {
    observeBatch({ origin, timeMs, samples }) {
      const alerts: Alert[] = [];
      for (const sample of samples) {
        if (sample.staleMs !== undefined || isSummary(sample)) continue;
        for (const rule of thresholds) {
          if (rule.metricType !== sample.metricType || rule.source !== sample.source) continue;
          alerts.push(...step(rule, subjectOf(sample), origin, observeValue(rule, sample.value), timeMs));
        }
      }
      // A collector that has values again, but not of this series, says that the series is gone (unmounted).
      if (origin === DOCKER_ORIGIN || samples.length === 0 || active.size === 0) return alerts;
      const present = new Set(samples.map(seriesOf));
      const isGone = (entry: Active) => entry.origin === origin && !present.has(entry.subject.series);
      return [...alerts, ...endAll(isGone, timeMs)];
    },
    observeStatus(container, timeMs) {
      const id = container.id ?? container.container;
      const alerts = states.flatMap((rule) =>
        step(
          rule,
          stateSubject(rule.condition, container, id),
          DOCKER_ORIGIN,
          observeContainer(rule, container),
          timeMs,
        ),
      );
      if (container.removed !== true && !STOPPED.includes(container.status)) return alerts;
      const ofContainer = ({ rule, subject }: Active) =>
        rule.kind === 'threshold' && subject.containerId === id;
      return [...alerts, ...endAll(ofContainer, timeMs)];
    },
    get firing() {
      return [...active.values()].filter(({ state }) => state.name === 'firing').length;
    },
  };
}

/** Plain `disk` repeats the fullest mount, which has an alert of its own. */
function isSummary(sample: Sample): boolean {
  return sample.source === 'host' && sample.metricType === 'disk' && sample.mount === undefined;
}

function subjectOf(sample: Sample): Subject {
  const { source, metricType, value } = sample;
  const subject: Subject = { series: seriesOf(sample), source, metricType, unit: 'number', value };
  if (sample.source === 'container') {
    subject.container = sample.container;
    subject.containerId = sample.containerId;
  } else {
    if (sample.mount !== undefined) subject.mount = sample.mount;
    if (sample.core !== undefined) subject.core = sample.core;
  }
  return subject;
}

function stateSubject(condition: 'exited' | 'unhealthy', data: ContainerStatus['data'], id: string): Subject {
  const exited = condition === 'exited';
  return {
    series: `container ${id} ${condition}`,
    source: 'container',
    metricType: exited ? 'container_exit_code' : 'container_health',
    unit: exited ? 'exit_code' : 'health',
    value: exited ? (data.exit_code ?? 0) : data.health === 'unhealthy' ? 1 : 0,
    container: data.container,
    containerId: id,
  };
}
