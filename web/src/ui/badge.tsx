import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export type Tone = 'ok' | 'warning' | 'critical' | 'neutral' | 'info';

/** A state as colour, shape and text at once. */
export function Badge(props: { tone: Tone; icon: IconName; spin?: boolean; children: ReactNode }) {
  return (
    <span className={`badge tone-${props.tone}`}>
      <Icon name={props.icon} className={props.spin === true ? 'spin' : ''} />
      <span>{props.children}</span>
    </span>
  );
}
