import { useApp, useLive } from '../app-context.js';
import { useSpeech } from '../i18n/use-language.js';
import type { ToastView } from '../live/views.js';
import { alertIcon } from '../ui/alert-look.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';

/** Alerts that began or ended just now. The region is always there, so that what is put into it is announced. */
export function Toasts() {
  const toasts = useLive((view) => view.toasts);
  return (
    <div className="toasts" role="status" aria-atomic="false" data-testid="toasts">
      {toasts.map((toast) => (
        <Toast key={`${toast.id} ${toast.alert.data.state}`} toast={toast} />
      ))}
    </div>
  );
}

function Toast({ toast }: { toast: ToastView }) {
  const { store } = useApp();
  const { text, alert: say } = useSpeech();
  const { data, resolvedAtMs } = toast.alert;
  const said = say(data);
  const heading = resolvedAtMs === null ? text.alerts.severity[data.severity] : text.alerts.ended;
  return (
    <div
      className={`toast ${resolvedAtMs === null ? data.severity : 'resolved'}`}
      data-testid="toast"
      data-alert={toast.id}
      data-state={data.state}
    >
      <Icon name={alertIcon(toast.alert)} />
      <div className="toast-text">
        <strong>
          {heading} · {data.host}
        </strong>
        <span>{said}</span>
      </div>
      <IconButton
        icon="close"
        label={text.controls.dismiss(said)}
        onClick={() => store.dismissToast(toast.id)}
      />
    </div>
  );
}
