/**
 * The language of `ALERT_RULES`: rules separated by semicolons.
 *
 *     rule      = threshold | state
 *     threshold = [ "container" ] metric operator number [ "for" duration ] [ "clear" number ] [ severity ]
 *     state     = "container" ( "exited" | "unhealthy" ) [ severity ]
 *     operator  = ">" | ">=" | "<" | "<="          duration = number ( "s" | "m" | "h" )
 *     severity  = "warning" | "critical"           (warning when not given)
 *
 * `cpu>90 for 30s clear 80` fires when cpu was above 90 without interruption for 30 s, and resolves at 80 or
 * below; without `clear` it resolves as soon as the condition is false. Every mount, core and container is a
 * series of its own and has its own alert. `container cpu>150` looks at containers, `cpu>90` at the host.
 * `container exited` fires on a non-zero exit code only. Containers that had failed before the sentinel was started
 * fire at the start, with that as their time: nobody knows whether anybody was told. Those that this host's
 * sentinel did tell, in an earlier run, go on firing under their old alert. `none` alone means no rules.
 */
import {
  CONTAINER_METRIC_UNITS,
  HOST_METRIC_UNITS,
  type MetricSource,
  SEVERITIES,
  type Severity,
} from '@pulsewire/shared-schema';

export type Operator = '>' | '>=' | '<' | '<=';

export interface ThresholdRule {
  kind: 'threshold';
  /** The rule as a person would write it, in one spelling. */
  text: string;
  source: MetricSource;
  metricType: string;
  operator: Operator;
  threshold: number;
  forMs: number;
  /** `null`: it resolves when the condition is false. */
  clear: number | null;
  severity: Severity;
}

export interface ContainerStateRule {
  kind: 'container_state';
  text: string;
  condition: 'exited' | 'unhealthy';
  severity: Severity;
}

export type AlertRule = ThresholdRule | ContainerStateRule;

const DEFAULT_RULES = 'cpu>90 for 30s clear 80; mem>90 for 30s clear 85; disk>90 clear 88; container exited';
const OPERATORS: readonly Operator[] = ['>=', '<=', '>', '<'];
const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
const TOKEN = /\s*(>=|<=|>|<|[A-Za-z_][A-Za-z0-9_]*|-?\d+(?:\.\d+)?[A-Za-z%]*|[^\s])/y;

interface Token {
  text: string;
  /** First character counts as 1. */
  position: number;
}

/** Throws an `Error` that lists every mistake with its position and the fix. */
export function parseAlertRules(raw: string | undefined): readonly AlertRule[] {
  const text = raw ?? DEFAULT_RULES;
  if (text.trim() === 'none') return [];
  const rules: AlertRule[] = [];
  const mistakes: string[] = [];
  let offset = 0;
  for (const part of text.split(';')) {
    const tokens = tokenize(part, offset);
    offset += part.length + 1;
    if (tokens.length === 0) continue;
    try {
      const rule = parseRule(tokens);
      if (rules.some((other) => other.text === rule.text)) fail(tokens[0], 'the same rule again; remove it');
      rules.push(rule);
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (rules.length === 0 && mistakes.length === 0) mistakes.push('has no rule; write none to have no alerts');
  if (mistakes.length > 0) throw new Error(mistakes.join('; '));
  return rules;
}

function tokenize(text: string, offset: number): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const token = match[1] ?? '';
    tokens.push({ text: token, position: offset + TOKEN.lastIndex - token.length + 1 });
  }
  return tokens;
}

function parseRule(tokens: readonly Token[]): AlertRule {
  const rest = [...tokens];
  const isContainer = rest[0]?.text === 'container';
  if (isContainer) rest.shift();
  const [subject] = rest;
  if (isContainer && (subject?.text === 'exited' || subject?.text === 'unhealthy')) {
    rest.shift();
    const severity = takeSeverity(rest);
    if (rest[0] !== undefined) fail(rest[0], 'expected warning, critical or the end of the rule');
    return {
      kind: 'container_state',
      text: `container ${subject.text}${severity === 'warning' ? '' : ` ${severity}`}`,
      condition: subject.text,
      severity,
    };
  }
  return parseThreshold(rest, isContainer ? 'container' : 'host', tokens.at(-1));
}

function parseThreshold(rest: Token[], source: MetricSource, last: Token | undefined): ThresholdRule {
  const known = Object.keys(source === 'host' ? HOST_METRIC_UNITS : CONTAINER_METRIC_UNITS);
  const metric = rest.shift();
  if (metric === undefined || !known.includes(metric.text)) {
    const states = source === 'host' ? '' : ', or exited, unhealthy';
    fail(metric ?? last, `expected a ${source} metric: ${known.join(', ')}${states}`);
  }
  const operatorToken = rest.shift();
  const operator = OPERATORS.find((candidate) => candidate === operatorToken?.text);
  if (operator === undefined) fail(operatorToken ?? last, `expected one of ${OPERATORS.join(' ')}`);
  const thresholdToken = rest.shift();
  const threshold = readNumber(thresholdToken, last);
  checkReachable(metric.text, source, operator, threshold, thresholdToken);
  let forMs = 0;
  if (rest[0]?.text === 'for') forMs = readDuration(rest.splice(0, 2)[1], last);
  let clear: number | null = null;
  if (rest[0]?.text === 'clear') {
    const clearToken = rest.splice(0, 2)[1];
    clear = readNumber(clearToken, last);
    if (isTrue(operator, clear, threshold) && clear !== threshold)
      fail(
        clearToken,
        `clear must lie on the other side of ${threshold}, where ${operator}${threshold} is false`,
      );
  }
  const severity = takeSeverity(rest);
  if (rest[0] !== undefined)
    fail(rest[0], 'expected for, clear, warning, critical (in this order) or the end of the rule');
  const text = [
    `${source === 'host' ? '' : 'container '}${metric.text}${operator}${threshold}`,
    ...(forMs > 0 ? [`for ${renderDuration(forMs)}`] : []),
    ...(clear === null ? [] : [`clear ${clear}`]),
    ...(severity === 'warning' ? [] : [severity]),
  ].join(' ');
  return {
    kind: 'threshold',
    text,
    source,
    metricType: metric.text,
    operator,
    threshold,
    forMs,
    clear,
    severity,
  };
}

export function isTrue(operator: Operator, value: number, threshold: number): boolean {
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

/** In the largest unit that stays whole. */
export function renderDuration(durationMs: number): string {
  if (durationMs % 3_600_000 === 0) return `${durationMs / 3_600_000}h`;
  return durationMs % 60_000 === 0 ? `${durationMs / 60_000}m` : `${durationMs / 1000}s`;
}

function takeSeverity(rest: Token[]): Severity {
  const severity = SEVERITIES.find((candidate) => candidate === rest[0]?.text);
  if (severity !== undefined) rest.shift();
  return severity ?? 'warning';
}

function readNumber(token: Token | undefined, last: Token | undefined): number {
  const match = /^(-?\d+(?:\.\d+)?)%?$/.exec(token?.text ?? '');
  const value = Number(match?.[1] ?? Number.NaN);
  if (!Number.isFinite(value)) fail(token ?? last, 'expected a number such as 90');
  return value;
}

function readDuration(token: Token | undefined, last: Token | undefined): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(token?.text ?? '');
  const durationMs = Number(match?.[1] ?? Number.NaN) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
  if (!(durationMs > 0 && durationMs <= 24 * 3_600_000))
    fail(token ?? last, 'expected a duration above 0 and up to 24h, such as 30s, 5m or 1h');
  return Math.round(durationMs);
}

/** A rule that can never fire is a mistake that nobody would notice. */
function checkReachable(
  metric: string,
  source: MetricSource,
  operator: Operator,
  threshold: number,
  token: Token | undefined,
): void {
  const bounded = source === 'host' ? ['cpu', 'cpu_core', 'mem', 'swap', 'disk'] : ['mem'];
  const reachable = isTrue(operator, 100, threshold) || isTrue(operator, 0, threshold);
  if (bounded.includes(metric) && !reachable)
    fail(token, `${metric} is from 0 to 100, so this is never true`);
}

function fail(token: Token | undefined, fix: string): never {
  const at = token === undefined ? 'at the end' : `at character ${token.position}, "${token.text}"`;
  throw new Error(`${at}: ${fix}`);
}
