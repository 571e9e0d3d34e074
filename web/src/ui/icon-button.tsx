import type { Ref } from 'react';
import { Icon, type IconName } from './icon.js';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  testId?: string;
  disabled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon and says its label. */
export function IconButton({ icon, label, onClick, testId, disabled = false, ref }: IconButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      data-testid={testId}
      onClick={disabled ? undefined : onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
