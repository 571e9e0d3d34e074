import { memo, useMemo } from 'react';
import { chartSpecs } from '../../chart/chart-specs.js';
import { TimeChart } from '../../chart/time-chart.js';
import { useSpeech } from '../../i18n/use-language.js';
import type { MountView } from '../../live/views.js';
import { MountPanel } from './mount-panel.js';

interface HostChartsProps {
  name: string;
  mounts: readonly MountView[];
}

export const HostCharts = memo(function HostCharts({ name, mounts }: HostChartsProps) {
  const { text } = useSpeech();
  const specs = useMemo(() => chartSpecs(text), [text]);
  return (
    <div className="charts">
      {specs.map((spec) => (
        <TimeChart key={spec.id} host={name} spec={spec} />
      ))}
      {mounts.length > 0 && <MountPanel mounts={mounts} />}
    </div>
  );
});
