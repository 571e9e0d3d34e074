/**
 * What becomes of an alert that an earlier run of this sentinel left firing. Every alert that fired must resolve
 * once, so each is either taken over – it goes on firing under its id, and the rules resolve it – or ended at once.
 */
import type { RuleState } from './rule-machine.js';

/**
 * Where this run's own machine of that rule and series stands; `unconfigured` when this run has no such rule,
 * `impossible` when the rule has no such series.
 */
export type Standing = RuleState['name'] | 'unconfigured' | 'impossible';

export type Adoption = 'leave' | 'take_over' | 'end_superseded' | 'end_unconfigured';

const TABLE: Record<Standing, Adoption> = {
  ok: 'take_over',
  // A condition that is being timed was true before the restart, too: it is the same alert.
  pending: 'take_over',
  firing: 'end_superseded',
  unconfigured: 'end_unconfigured',
  impossible: 'leave',
};

/** `said`: this run said something under the same id, so it is not from an earlier one. */
export function decideAdoption(standing: Standing, said: boolean): Adoption {
  return said ? 'leave' : TABLE[standing];
}
