/** Short messages about alerts. They leave by themselves; the alert list keeps all. */
import type { AlertView, ToastView } from './views.js';

export const TOASTS_SHOWN = 4;
const CRITICAL_MS = 30_000;
const WARNING_MS = 12_000;
const RESOLVED_MS = 8000;

/** The list with a toast for this alert, newest first; one alert has one toast. */
export function addToast(
  toasts: readonly ToastView[],
  alert: AlertView,
  nowMs: number,
): readonly ToastView[] {
  const id = alert.data.alert_id;
  const toast: ToastView = { id, alert, expiresAtMs: deriveExpiry(alert, nowMs) };
  return [toast, ...toasts.filter((other) => other.id !== id)].slice(0, TOASTS_SHOWN);
}

export function dismissToast(toasts: readonly ToastView[], id: string): readonly ToastView[] {
  return toasts.filter((toast) => toast.id !== id);
}

/** Without those whose time is over; the same list when there is none. */
export function expireToasts(toasts: readonly ToastView[], nowMs: number): readonly ToastView[] {
  const left = toasts.filter((toast) => toast.expiresAtMs > nowMs);
  return left.length === toasts.length ? toasts : left;
}

/** Without those that tell of an alert which is not firing any more. */
export function keepFiring(toasts: readonly ToastView[], firing: ReadonlySet<string>): readonly ToastView[] {
  return toasts.filter((toast) => toast.alert.data.state === 'resolved' || firing.has(toast.id));
}

function deriveExpiry(alert: AlertView, nowMs: number): number {
  if (alert.data.state === 'resolved') return nowMs + RESOLVED_MS;
  return nowMs + (alert.data.severity === 'critical' ? CRITICAL_MS : WARNING_MS);
}
