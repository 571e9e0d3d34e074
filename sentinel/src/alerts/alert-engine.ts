/** Feeds every reading to the rules that look at it, and keeps one machine per rule and series. */
import type { Alert, ContainerStatus, HostMetricType } from '@pulsewire/shared-schema';
import { seriesOf } from '../sample.js';
import type { Batch } from '../sampling/sampler.js';
import { decideAdoption } from './adoption.js';
import { renderAlert, renderEnd } from './alert-message.js';
import { observeContainer, observeValue } from './observe.js';
import type { OwnAlert } from './own-alert.js';
import type { AlertRule } from './rule-grammar.js';
import { type Observation, RULE_OK, type RuleState, stepRule } from './rule-machine.js';
import { createSaidIds, type SaidIds } from './said-ids.js';
import {
  COLLECTOR_OF,
  DOCKER_ORIGIN,
  isSummary,
  type Subject,
  subjectOfPlace,
  subjectOfSample,
  subjectOfStatus,
} from './subject.js';

export interface AlertEngine {
  /** Alerts that these readings raise or resolve, in order. Stale readings prove nothing and change nothing. */
  observeBatch(batch: Batch): Alert[];
  observeStatus(container: ContainerStatus['data'], timeMs: number): Alert[];
  /** Every container that exists. Alerts about others end. */
  observePresent(containerIds: ReadonlySet<string>, timeMs: number): Alert[];
  /**
   * Nothing fires until {@link release} or {@link adopt}, so that an alert which an earlier run left firing can go
   * on instead of firing again. The time counts for `for`.
   */
  hold(): void;
  /** What would have fired meanwhile. */
  release(): Alert[];
  /** Takes over or ends what earlier runs left firing, oldest first, and releases. Once a run. */
  adopt(unresolved: readonly OwnAlert[], nowMs: number): Alert[];
  readonly firing: number;
}

export interface AlertEngineOptions {
  rules: readonly AlertRule[];
  host: string;
  /** Readings further apart do not count as uninterrupted. */
  maxGapMs: number;
}

interface Match {
  rule: AlertRule;
  subject: Subject;
}

/** A machine that is not `ok`. */
interface Active extends Match {
  state: RuleState;
  origin: string;
  /** Missing among the readings before this, it is not gone yet: it may not have been read since the start. */
  goneFromMs: number;
}

const STOPPED: readonly ContainerStatus['data']['status'][] = ['exited', 'dead', 'created', 'removing'];

export function createAlertEngine({ rules, host, maxGapMs }: AlertEngineOptions): AlertEngine {
  const active = new Map<string, Active>();
  const thresholds = rules.filter((rule) => rule.kind === 'threshold');
  const states = rules.filter((rule) => rule.kind === 'container_state');
  let said: SaidIds | null = createSaidIds();
  let holding = false;

  function step(
    rule: AlertRule,
    subject: Subject,
    origin: string,
    observation: Observation,
    nowMs: number,
  ): Alert[] {
    const key = keyOf({ rule, subject });
    const before = active.get(key)?.state ?? RULE_OK;
    const forMs = holding ? Number.POSITIVE_INFINITY : forMsOf(rule);
    const { state, says } = stepRule(before, observation, { nowMs, forMs, maxGapMs });
    if (state.name === 'ok') active.delete(key);
    else active.set(key, { rule, state, subject, origin, goneFromMs: 0 });
    if (says === null) return [];
    const startedMs =
      state.name === 'firing' ? state.sinceMs : before.name === 'firing' ? before.sinceMs : nowMs;
    const alert = renderAlert(host, rule, subject, says, { nowMs, startedMs, gone: observation === 'gone' });
    said?.add(alert.data.alert_id);
    return [alert];
  }

  function endAll(isGone: (entry: Active) => boolean, nowMs: number): Alert[] {
    return [...active.values()]
      .filter(isGone)
      .flatMap(({ rule, subject, origin }) => step(rule, subject, origin, 'gone', nowMs));
  }

  /** Judges what is pending again at its last reading, now that it may fire. */
  function release(): Alert[] {
    holding = false;
    return [...active.values()].flatMap(({ rule, state, subject, origin }) =>
      state.name === 'pending' ? step(rule, subject, origin, 'breach', state.lastMs) : [],
    );
  }

  /** What an alert of an earlier run would be in this one. */
  function matchOf({ data, place }: OwnAlert): Match | 'unconfigured' | 'impossible' {
    const rule = rules.find(({ text }) => text === data.rule);
    if (rule === undefined) return 'unconfigured';
    const subject = subjectOfPlace(rule, place, data.value);
    return subject === null ? 'impossible' : { rule, subject };
  }

  function adoptOne(alert: OwnAlert, nowMs: number): Alert[] {
    const match = matchOf(alert);
    const standing = typeof match === 'string' ? match : (active.get(keyOf(match))?.state.name ?? 'ok');
    const decision = decideAdoption(standing, said?.has(alert.data.alert_id) ?? false);
    if (decision === 'end_superseded') return [renderEnd(alert, 'superseded', nowMs)];
    if (decision === 'end_unconfigured') return [renderEnd(alert, 'unconfigured', nowMs)];
    if (decision === 'leave' || typeof match === 'string') return [];
    active.set(keyOf(match), {
      ...match,
      state: { name: 'firing', sinceMs: alert.startedMs },
      origin: originOf(match.subject),
      goneFromMs: nowMs + maxGapMs,
    });
    return [];
  }

  return {
    observeBatch({ origin, timeMs, samples }) {
      const alerts: Alert[] = [];
      for (const sample of samples) {
        if (sample.staleMs !== undefined || isSummary(sample)) continue;
        for (const rule of thresholds) {
          if (rule.metricType !== sample.metricType || rule.source !== sample.source) continue;
          const observation = observeValue(rule, sample.value);
          alerts.push(...step(rule, subjectOfSample(sample), origin, observation, timeMs));
        }
      }
      // A collector that has values again, but not of this series, says that the series is gone (unmounted).
      if (origin === DOCKER_ORIGIN || samples.length === 0 || active.size === 0) return alerts;
      const present = new Set(samples.map(seriesOf));
      const isGone = (entry: Active) =>
        entry.origin === origin && timeMs >= entry.goneFromMs && !present.has(entry.subject.series);
      return [...alerts, ...endAll(isGone, timeMs)];
    },
    observeStatus(container, timeMs) {
      const alerts = states.flatMap((rule) => {
        const observation = observeContainer(rule, container);
        return step(rule, subjectOfStatus(rule, container), DOCKER_ORIGIN, observation, timeMs);
      });
      if (container.removed !== true && !STOPPED.includes(container.status)) return alerts;
      const id = container.id ?? container.container;
      const ofContainer = ({ rule, subject }: Active) =>
        rule.kind === 'threshold' && subject.containerId === id;
      return [...alerts, ...endAll(ofContainer, timeMs)];
    },
    observePresent: (containerIds, timeMs) =>
      endAll(
        ({ subject: { containerId } }) => containerId !== undefined && !containerIds.has(containerId),
        timeMs,
      ),
    hold() {
      holding = true;
    },
    release,
    adopt(unresolved, nowMs) {
      // Newest first: of several for one series, that one goes on, and it supersedes the others.
      const ended = unresolved.toReversed().flatMap((alert) => adoptOne(alert, nowMs));
      said = null;
      return [...ended, ...release()];
    },
    get firing() {
      return [...active.values()].filter(({ state }) => state.name === 'firing').length;
    },
  };
}

function keyOf({ rule, subject }: Match): string {
  return `${rule.text} ${subject.series}`;
}

function forMsOf(rule: AlertRule): number {
  return rule.kind === 'threshold' ? rule.forMs : 0;
}

function originOf({ source, metricType }: Subject): string {
  return source === 'container' ? DOCKER_ORIGIN : COLLECTOR_OF[metricType as HostMetricType];
}
