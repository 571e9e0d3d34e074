import { memo, useEffect, useRef, useSyncExternalStore } from 'react';
import { useApp } from '../app-context.js';
import { useSpeech } from '../i18n/use-language.js';
import type { ChartSpec } from './chart-specs.js';
import { mountChart } from './mount-chart.js';

interface TimeChartProps {
  host: string;
  spec: ChartSpec;
}

/** A chart of the last five minutes. React places it; its drawing and its legend's numbers bypass React. */
export const TimeChart = memo(function TimeChart({ host, spec }: TimeChartProps) {
  const { clock, store, settings } = useApp();
  const { language, text } = useSpeech();
  const { look } = useSyncExternalStore(settings.subscribe, settings.view);
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDListElement>(null);

  // `look` is read through the style sheet: the chart is made anew with the colours of the new one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (place.current === null || legend.current === null) return;
    const values = [...legend.current.querySelectorAll('dd')];
    return mountChart({ clock, store, host, spec, language, place: place.current, values });
  }, [clock, store, host, spec, language, look]);

  return (
    <figure className="chart-card" data-testid={`chart-${spec.id}`}>
      <figcaption>
        <h3>{spec.title}</h3>
        <dl className="legend" ref={legend}>
          {spec.series.map((series) => (
            <div key={series.metric} className={`legend-item colour-${series.colour}`}>
              <dt className={spec.series.length > 1 ? '' : 'visually-hidden'}>{series.label}</dt>
              <dd>–</dd>
            </div>
          ))}
        </dl>
      </figcaption>
      <div ref={place} className="chart" role="img" aria-label={text.chart.describe(spec.title)} />
    </figure>
  );
});
