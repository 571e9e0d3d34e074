import type { Level } from '../live/scales.js';

/** A bar for 0–100. `value` null draws an empty track. The number is beside it, so it is hidden from readers. */
export function Meter({ value, level }: { value: number | null; level: Level }) {
  const share = Math.min(1, Math.max(0, (value ?? 0) / 100));
  return (
    <span className={`meter level-${level}`} aria-hidden="true">
      <span className="meter-fill" style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </span>
  );
}
