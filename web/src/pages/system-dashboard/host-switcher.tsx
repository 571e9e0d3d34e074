import { useSpeech } from '../../i18n/use-language.js';
import type { HostView } from '../../live/views.js';

interface HostSwitcherProps {
  hosts: readonly HostView[];
  current: string | null;
  onChoose: (name: string) => void;
}

/** On narrow screens one host is shown at a time; this chooses it. Hidden by the style sheet where there is room. */
export function HostSwitcher({ hosts, current, onChoose }: HostSwitcherProps) {
  const { text } = useSpeech();
  return (
    <label className="host-switcher">
      <span className="visually-hidden">{text.app.chooseHost}</span>
      <select
        value={current ?? ''}
        onChange={(event) => onChoose(event.target.value)}
        data-testid="host-switcher"
      >
        {hosts.map((host) => (
          <option key={host.name} value={host.name}>
            {host.name || text.app.unnamedHost}
            {host.freshness === 'live' ? '' : ` (${text.freshness[host.freshness]})`}
          </option>
        ))}
      </select>
    </label>
  );
}
