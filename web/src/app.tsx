import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { AppContext, type AppParts } from './app-context.js';
import { SpeechContext, speechOf } from './i18n/use-language.js';
import { KeyGate } from './pages/key-gate/key-gate.js';
import { Shell } from './shell/shell.js';

/** The key gate until a key is accepted, then the pages. */
export function App({ parts }: { parts: AppParts }) {
  const { settings, keys, session, store } = parts;
  const { language } = useSyncExternalStore(settings.subscribe, settings.view);
  const speech = useMemo(() => speechOf(language), [language]);
  const rejected = useSyncExternalStore(store.subscribe, () => store.view().connection.rejectedStatus);
  const [hasKey, setHasKey] = useState(() => keys.get() !== null);
  const gateUsed = useRef(false);

  const connect = useCallback(
    (key: string) => {
      keys.set(key);
      setHasKey(true);
      session.connect(key);
    },
    [keys, session],
  );
  const enter = useCallback(
    (key: string) => {
      gateUsed.current = true;
      connect(key);
    },
    [connect],
  );
  const forget = useCallback(() => {
    keys.forget();
    session.end();
    setHasKey(false);
  }, [keys, session]);

  useEffect(() => {
    const onHashChange = () => {
      const key = keys.takeFromAddress() ? keys.get() : null;
      if (key !== null) connect(key);
    };
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, [keys, connect]);

  return (
    <AppContext value={parts}>
      <SpeechContext value={speech}>
        {hasKey && rejected === null ? (
          <Shell onForgetKey={forget} takesFocus={gateUsed} />
        ) : (
          <KeyGate rejected={hasKey ? rejected : null} onKey={enter} />
        )}
      </SpeechContext>
    </AppContext>
  );
}
