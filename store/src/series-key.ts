/** The readable name of a series. Two series have the same one only when they are the same. */
import type { SeriesIdentity } from './subjects.js';

export function seriesKeyOf(identity: SeriesIdentity): string {
  const { metricType, source, host, container, mount, core } = identity;
  const parts = [`source="${source}"`];
  if (host !== null) parts.push(`host=${JSON.stringify(host)}`);
  if (container !== null) parts.push(`container=${JSON.stringify(container)}`);
  if (mount !== null) parts.push(`mount=${JSON.stringify(mount)}`);
  if (core !== null) parts.push(`core="${core}"`);
  return `${metricType}{${parts.join(',')}}`;
}
