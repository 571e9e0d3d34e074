import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import { Logo } from '../../ui/logo.js';
import { ViewControls } from '../../ui/view-controls.js';

interface KeyGateProps {
  /** Why the last key was not enough. */
  rejected: 401 | 403 | null;
  onKey: (key: string) => void;
}

/** Asks for the API key. */
export function KeyGate({ rejected, onKey }: KeyGateProps) {
  const { text } = useSpeech();
  const input = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);

  useEffect(() => input.current?.focus(), []);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const key = input.current?.value.trim() ?? '';
    setMissing(key === '');
    if (key === '') input.current?.focus();
    else onKey(key);
  }

  const problem = missing ? text.gate.empty : problemOf(rejected, text.gate);
  return (
    <div className="gate">
      <div className="gate-controls">
        <ViewControls />
      </div>
      <main className="gate-card">
        <div className="gate-brand">
          <Logo />
          <span>{text.app.name}</span>
        </div>
        <h1>{text.gate.title}</h1>
        <p className="muted" id="gate-explain">
          {text.gate.explain}
        </p>
        <form onSubmit={submit} data-testid="key-form">
          <label htmlFor="key">{text.gate.label}</label>
          <div className="field">
            <input
              id="key"
              ref={input}
              type={shown ? 'text' : 'password'}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              aria-describedby="gate-problem gate-explain"
              aria-invalid={problem !== null}
              data-testid="key-input"
            />
            <button
              type="button"
              className="field-button"
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? text.gate.hide : text.gate.show}
            </button>
          </div>
          <p className="gate-problem" id="gate-problem" role="alert" data-testid="key-problem">
            {problem !== null && (
              <>
                <Icon name="octagon" />
                <span>{problem}</span>
              </>
            )}
          </p>
          <button type="submit" className="button primary" data-testid="key-submit">
            {text.gate.submit}
          </button>
        </form>
        <p className="muted small">{text.gate.hint}</p>
      </main>
    </div>
  );
}

function problemOf(
  rejected: 401 | 403 | null,
  gate: { rejected401: string; rejected403: string },
): string | null {
  if (rejected === null) return null;
  return rejected === 401 ? gate.rejected401 : gate.rejected403;
}
