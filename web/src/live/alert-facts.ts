/**
 * What an alert of Pulsewire's own producers says, read from its fields, so that the page can say it in its own
 * language; `message` is in English. An alert whose fields do not follow from each other as ours do is somebody
 * else's, and keeps the words that it came with.
 */
import {
  type Alert,
  CONTAINER_METRIC_UNITS,
  HOST_METRIC_UNITS,
  type MetricSource,
} from '@pulsewire/shared-schema';

type Data = Alert['data'];

export type Operator = '>' | '>=' | '<' | '<=';

/** `back`: the value is as it should be. `ended`: it is over for another reason; the series is gone, the rule, … */
export type AlertPhase = 'firing' | 'back' | 'ended';

export interface ThresholdFacts {
  readonly kind: 'threshold';
  readonly phase: AlertPhase;
  readonly source: MetricSource;
  readonly metric: string;
  readonly unit: string;
  readonly operator: Operator;
  readonly threshold: number;
  readonly value: number;
  /** How long the condition had to hold; 0 when at once. */
  readonly forMs: number;
  readonly container: string | null;
  readonly mount: string | null;
  readonly core: number | null;
}

export type AlertFacts =
  | ThresholdFacts
  | {
      readonly kind: 'exited' | 'unhealthy';
      readonly phase: AlertPhase;
      readonly container: string;
      /** Of `exited`: the exit code. */
      readonly value: number;
    }
  | { readonly kind: 'slow_feed'; readonly phase: AlertPhase; readonly p99Ms: number };

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const SEVERITY = '(?: (?:warning|critical))?';
const THRESHOLD_RULE = new RegExp(
  `^(container )?([a-z]\\w*)(>=|<=|>|<)${NUMBER}(?: for (\\d+(?:\\.\\d+)?)([smh]))?(?: clear ${NUMBER})?${SEVERITY}$`,
);
const STATE_RULE = new RegExp(`^container (exited|unhealthy)${SEVERITY}$`);
const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `null` for an alert that is not ours. */
export function deriveAlertFacts(data: Data): AlertFacts | null {
  if (data.metric_type === 'feed_latency' && data.alert_id.startsWith('feed_latency:'))
    return { kind: 'slow_feed', phase: data.state === 'firing' ? 'firing' : 'back', p99Ms: data.value };
  // The sentinel's ids follow from the other fields; somebody else's would have to imitate them on purpose.
  if (!data.alert_id.startsWith(`${data.host}:${data.rule.replaceAll(' ', '_')}:`)) return null;
  return deriveStateFacts(data) ?? deriveThresholdFacts(data);
}

function deriveStateFacts({ rule, state, container, value }: Data): AlertFacts | null {
  const [, condition] = STATE_RULE.exec(rule) ?? [];
  if (container === undefined || (condition !== 'exited' && condition !== 'unhealthy')) return null;
  return { kind: condition, phase: state === 'firing' ? 'firing' : 'ended', container, value };
}

function deriveThresholdFacts(data: Data): ThresholdFacts | null {
  const match = THRESHOLD_RULE.exec(data.rule);
  if (match === null) return null;
  const [, ofContainer, metric = '', operator = '', threshold, length = '0', lengthUnit = 's', clear] = match;
  const source = ofContainer === undefined ? 'host' : 'container';
  const units: Readonly<Record<string, string>> =
    source === 'host' ? HOST_METRIC_UNITS : CONTAINER_METRIC_UNITS;
  const unit = units[metric];
  const fits = metric === data.metric_type && source === data.source && Number(threshold) === data.threshold;
  if (unit === undefined || !fits || (source === 'container' && data.container === undefined)) return null;
  return {
    kind: 'threshold',
    phase: derivePhase(data, operator as Operator, clear === undefined ? null : Number(clear)),
    source,
    metric,
    unit,
    operator: operator as Operator,
    threshold: data.threshold,
    value: data.value,
    forMs: Number(length) * (UNIT_MS[lengthUnit] ?? 0),
    container: data.container ?? null,
    mount: data.mount ?? null,
    core: data.core ?? null,
  };
}

/** An alert that ends although its value has not come back to `clear` ends because its series or rule has gone. */
function derivePhase(
  { state, value, threshold }: Data,
  operator: Operator,
  clear: number | null,
): AlertPhase {
  if (state === 'firing') return 'firing';
  const isBack = clear === null ? !holds(operator, value, threshold) : isPast(operator, value, clear);
  return isBack ? 'back' : 'ended';
}

function isPast(operator: Operator, value: number, clear: number): boolean {
  return operator === '>' || operator === '>=' ? value <= clear : value >= clear;
}

function holds(operator: Operator, value: number, threshold: number): boolean {
  switch (operator) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
  }
}
