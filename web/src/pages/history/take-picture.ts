/** The charts of a place in the page, as a picture in the colours of the page. */
import type { ChartGroup } from './chart-data.js';
import { readHistoryColours } from './chart-look.js';
import { renderPicture } from './picture.js';
import { type MetricWords, nameSeries } from './series-names.js';

export function takePicture(
  place: HTMLElement,
  groups: readonly ChartGroup[],
  title: string,
  words: MetricWords,
): Promise<Blob | null> {
  const colours = readHistoryColours(place);
  const canvases = [...place.querySelectorAll<HTMLCanvasElement>('.history-chart canvas')];
  const charts = canvases.flatMap((canvas, index) => {
    const group = groups[index];
    if (group === undefined) return [];
    const legend = group.members.map(({ series, slot }) => ({
      name: nameSeries(series, words),
      colour: colours.series[slot] ?? colours.text,
    }));
    return [{ canvas, legend }];
  });
  const { fontFamily } = getComputedStyle(place);
  return renderPicture({ title, charts, background: colours.panel, text: colours.text, fontFamily });
}
