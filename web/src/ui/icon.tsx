/** Line icons on a 16 × 16 grid, in the colour of their text. Decoration: the text beside them says the same. */
const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  dot: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  triangle: 'M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.1',
  octagon: 'M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM8 4.8v3.8M8 10.9v.1',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.6',
  spin: 'M14 8a6 6 0 1 1-3-5.2',
  unplugged: 'M2 14l3-3M4 8.5L7.5 12a2.6 2.6 0 0 0 3.6 0M8.5 4L12 7.5a2.6 2.6 0 0 1 .3 3.4M2.5 2.5l11 11',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 2v3h-3',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z',
  screen: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1.2 1.2H2.8zM6.8 14h2.4',
  bellOff: 'M4 11V7c0-.7.2-1.4.5-2M6.5 3.3A4 4 0 0 1 12 7v2.5M2.8 12.2H11M6.8 14h2.4M2.5 2.5l11 11',
  key: 'M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.4 7.6L2.5 13.5M4.5 11.5l1.5 1.5M6.3 9.7l1.2 1.2',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.4 3.4',
  up: 'M8 13V3.5M4 7l4-4 4 4',
  down: 'M8 3v9.5M4 9l4 4 4-4',
  chevron: 'M4 6l4 4 4-4',
  play: 'M5 3.5v9l7-4.5z',
  stop: 'M4 4h8v8H4z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  box: 'M8 1.8l5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.5 4.8L8 7.9l5.5-3.1M8 7.9v6.3',
  pulse: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  chart: 'M2 2.5v11h12M4.5 10l3-3.5 2.5 2 3.5-4.5',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  server: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8v.1M5 11.3v.1',
  database:
    'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2zM3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  wrap: 'M2.5 4h11M2.5 8h9a2.2 2.2 0 0 1 0 4.4H8M9.8 10.6L8 12.4l1.8 1.8M2.5 12.4h2.5',
  replay: 'M2.5 8a5.5 5.5 0 1 0 1.7-4M2.5 2v3h3M7 5.8v4.4L10.4 8z',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  heart: 'M8 13.2L3 8.4a3.1 3.1 0 0 1 5-3.6 3.1 3.1 0 0 1 5 3.6z',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
