/** What a reading means to a rule. */
import type { ContainerStatus } from '@pulsewire/shared-schema';
import { type ContainerStateRule, isTrue, type Operator, type ThresholdRule } from './rule-grammar.js';
import type { Observation } from './rule-machine.js';

const OPPOSITE: Record<Operator, Operator> = { '>': '<=', '>=': '<=', '<': '>=', '<=': '>=' };

/** `clear` itself counts as clear: `clear 80` resolves at 80. */
export function observeValue(rule: ThresholdRule, value: number): Observation {
  if (isTrue(rule.operator, value, rule.threshold)) return 'breach';
  if (rule.clear === null || isTrue(OPPOSITE[rule.operator], value, rule.clear)) return 'clear';
  return 'between';
}

/** States that decide nothing (being created, restarting, an unknown exit code) change nothing. */
export function observeContainer(rule: ContainerStateRule, container: ContainerStatus['data']): Observation {
  if (container.removed === true) return 'gone';
  return rule.condition === 'exited' ? observeExit(container) : observeHealth(container);
}

function observeExit({ status, exit_code: exitCode }: ContainerStatus['data']): Observation {
  switch (status) {
    case 'running':
    case 'paused':
      return 'clear';
    case 'exited':
    case 'dead':
      if (exitCode === undefined || exitCode === null) return 'between';
      return exitCode === 0 ? 'clear' : 'breach';
    case 'restarting':
    case 'created':
    case 'removing':
      return 'between';
  }
}

function observeHealth({ status, health }: ContainerStatus['data']): Observation {
  if (status !== 'running' && status !== 'paused') return status === 'restarting' ? 'between' : 'clear';
  switch (health ?? 'starting') {
    case 'unhealthy':
      return 'breach';
    case 'healthy':
    case 'none':
      return 'clear';
    case 'starting':
      return 'between';
  }
}
