/** The charts as one picture: their canvases below each other, each with its legend, under a title. */

export interface PictureChart {
  readonly canvas: HTMLCanvasElement;
  /** Name and colour of each series. */
  readonly legend: readonly { readonly name: string; readonly colour: string }[];
}

export interface PictureOptions {
  readonly title: string;
  readonly charts: readonly PictureChart[];
  readonly background: string;
  readonly text: string;
  readonly fontFamily: string;
}

const MARGIN_PX = 16;
const TITLE_PX = 28;
const LEGEND_LINE_PX = 20;
const SWATCH_PX = 14;

/** `null` when the browser cannot make one. */
export function renderPicture(options: PictureOptions): Promise<Blob | null> {
  const scale = devicePixelRatio;
  const { charts, title, background, text, fontFamily } = options;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width)) + 2 * MARGIN_PX * scale;
  const height = charts.reduce(
    (sum, { canvas, legend }) => sum + canvas.height + (legend.length * LEGEND_LINE_PX + MARGIN_PX) * scale,
    (TITLE_PX + 2 * MARGIN_PX) * scale,
  );
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return Promise.resolve(null);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const write = (words: string, x: number, y: number, px: number, weight: number) => {
    context.fillStyle = text;
    context.font = `${weight} ${px * scale}px ${fontFamily}`;
    context.fillText(words, x, y);
  };
  const left = MARGIN_PX * scale;
  let top = MARGIN_PX * scale;
  write(title, left, top + (TITLE_PX * scale) / 2, 15, 600);
  top += TITLE_PX * scale;
  for (const chart of charts) {
    for (const { name, colour } of chart.legend) {
      const middle = top + (LEGEND_LINE_PX * scale) / 2;
      context.fillStyle = colour;
      context.fillRect(left, middle - 2 * scale, SWATCH_PX * scale, 4 * scale);
      write(name, left + (SWATCH_PX + 8) * scale, middle, 12, 400);
      top += LEGEND_LINE_PX * scale;
    }
    context.drawImage(chart.canvas, left, top);
    top += chart.canvas.height + MARGIN_PX * scale;
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
