import type { AlertView } from '../live/views.js';
import type { IconName } from './icon.js';

/** Shape of an alert: what is over has a tick, a warning a triangle, a critical one an octagon. */
export function alertIcon(alert: AlertView): IconName {
  if (alert.resolvedAtMs !== null) return 'check';
  return alert.data.severity === 'critical' ? 'octagon' : 'triangle';
}
