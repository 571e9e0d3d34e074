/**
 * The life of one alert: ok → pending (true, but not for long enough) → firing → ok. One series of one rule has
 * one machine. Firing and resolved strictly alternate, because only the two transitions between firing and ok
 * say anything.
 */

export type RuleState =
  | { name: 'ok' }
  /** True since `sinceMs`, last seen true at `lastMs`. */
  | { name: 'pending'; sinceMs: number; lastMs: number }
  /** True since `sinceMs`. */
  | { name: 'firing'; sinceMs: number };

/**
 * What one reading says: the condition is true (`breach`), false but not past `clear` (`between`), past `clear`,
 * or the series does not exist any more (`gone`).
 */
export type Observation = 'breach' | 'between' | 'clear' | 'gone';

export interface RuleFacts {
  nowMs: number;
  /** How long the condition must have been true. */
  forMs: number;
  /** Longer without a reading, and nobody knows whether it was true without interruption. */
  maxGapMs: number;
}

export interface RuleStep {
  state: RuleState;
  says: 'firing' | 'resolved' | null;
}

export const RULE_OK: RuleState = { name: 'ok' };

type Decide<N extends RuleState['name']> = (
  state: Extract<RuleState, { name: N }>,
  facts: RuleFacts,
) => RuleStep;
type Table = { [N in RuleState['name']]: Record<Observation, Decide<N>> };

const stay = (state: RuleState): RuleStep => ({ state, says: null });
const toOk = (): RuleStep => ({ state: RULE_OK, says: null });
const resolve = (): RuleStep => ({ state: RULE_OK, says: 'resolved' });

function begin(_state: RuleState, { nowMs, forMs }: RuleFacts): RuleStep {
  if (forMs === 0) return { state: { name: 'firing', sinceMs: nowMs }, says: 'firing' };
  return stay({ name: 'pending', sinceMs: nowMs, lastMs: nowMs });
}

function goOn(state: Extract<RuleState, { name: 'pending' }>, facts: RuleFacts): RuleStep {
  const { nowMs, forMs, maxGapMs } = facts;
  // Also when wall time was set back: what was measured before it says nothing about after it.
  if (nowMs < state.lastMs || nowMs - state.lastMs > maxGapMs) return begin(state, facts);
  if (nowMs - state.sinceMs < forMs) return stay({ ...state, lastMs: nowMs });
  return { state: { name: 'firing', sinceMs: state.sinceMs }, says: 'firing' };
}

const TABLE: Table = {
  ok: { breach: begin, between: toOk, clear: toOk, gone: toOk },
  pending: { breach: goOn, between: toOk, clear: toOk, gone: toOk },
  firing: { breach: stay, between: stay, clear: resolve, gone: resolve },
};

export function stepRule(state: RuleState, observation: Observation, facts: RuleFacts): RuleStep {
  // Each row takes its own state; the compiler cannot see that the lookup pairs them.
  const decide = TABLE[state.name][observation] as (state: RuleState, facts: RuleFacts) => RuleStep;
  return decide(state, facts);
}
