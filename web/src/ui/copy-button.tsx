import { useEffect, useState } from 'react';
import { useApp } from '../app-context.js';
import { copyText } from '../platform/clipboard.js';
import { Icon } from './icon.js';

interface CopyButtonProps {
  label: string;
  copied: string;
  failed: string;
  /** Read when it is pressed. */
  text: () => string;
  testId: string;
}

const TOLD_MS = 2500;

/** Copies, and says so, to a screen reader too. */
export function CopyButton({ label, copied, failed, text, testId }: CopyButtonProps) {
  const { clock } = useApp();
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    return clock.after(TOLD_MS, () => setOutcome(null));
  }, [outcome, clock]);
  return (
    <button
      type="button"
      className="link copy-button"
      data-testid={testId}
      data-outcome={outcome ?? ''}
      onClick={() => void copyText(text()).then((done) => setOutcome(done ? 'copied' : 'failed'))}
    >
      <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{outcome === null ? label : outcome === 'copied' ? copied : failed}</span>
    </button>
  );
}
