/** The browser's notifications, where there are any. Never throws. */
export type NotifyPermission = 'default' | 'granted' | 'denied' | 'unsupported';

export function readNotifyPermission(): NotifyPermission {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

export async function askNotifyPermission(): Promise<NotifyPermission> {
  if (!('Notification' in window)) return 'unsupported';
  try {
    return await Notification.requestPermission();
  } catch {
    return readNotifyPermission();
  }
}

/** `tag`: a later notification with the same tag replaces this one. */
export function showNotification(title: string, options: { body: string; tag: string }): void {
  if (readNotifyPermission() !== 'granted') return;
  try {
    const notification = new Notification(title, { ...options, icon: '/favicon.svg' });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Some phones allow notifications from service workers only.
  }
}
