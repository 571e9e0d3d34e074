/** Sorting and filtering of the container table. */
import type { ContainerView } from './views.js';

export const CONTAINER_COLUMNS = [
  'name',
  'host',
  'status',
  'health',
  'cpu',
  'mem',
  'image',
  'uptime',
] as const;
export type ContainerColumn = (typeof CONTAINER_COLUMNS)[number];
export interface SortOrder {
  readonly column: ContainerColumn;
  readonly descending: boolean;
}

/** Numbers are more interesting from the top, names from the start. */
const STARTS_DESCENDING: Record<ContainerColumn, boolean> = {
  name: false,
  host: false,
  status: false,
  health: false,
  cpu: true,
  mem: true,
  image: false,
  uptime: true,
};

/** Worst first when ascending: what needs a look comes up. */
const STATUS_RANK: Record<ContainerView['status'], number> = {
  dead: 0,
  restarting: 1,
  exited: 2,
  removing: 3,
  paused: 4,
  created: 5,
  running: 6,
};
const HEALTH_RANK: Record<NonNullable<ContainerView['health']>, number> = {
  unhealthy: 0,
  starting: 1,
  healthy: 2,
  none: 3,
};

/** The order after a click on a column: the same column turns round, another starts its own way. */
export function nextOrder(order: SortOrder, column: ContainerColumn): SortOrder {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: STARTS_DESCENDING[column] };
}

/** Rows in order. Unknown values come last either way; equal ones are ordered by name, then host. */
export function sortContainers(rows: readonly ContainerView[], order: SortOrder): ContainerView[] {
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = cellOf(a, order.column);
    const right = cellOf(b, order.column);
    if (left !== right) {
      if (left === null) return 1;
      if (right === null) return -1;
      const compared =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : compareText(String(left), String(right));
      if (compared !== 0) return sign * compared;
    }
    return compareText(a.name, b.name) || compareText(a.host, b.host);
  });
}

/** Rows in which every word of the filter occurs, in name, image, host, state or health; case does not matter. */
export function filterContainers(rows: readonly ContainerView[], filter: string): readonly ContainerView[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.name} ${row.image} ${row.host} ${row.status} ${row.health ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function cellOf(row: ContainerView, column: ContainerColumn): string | number | null {
  switch (column) {
    case 'name':
      return row.name;
    case 'host':
      return row.host;
    case 'image':
      return row.image;
    case 'status':
      return STATUS_RANK[row.status];
    case 'health':
      return row.health === null ? null : HEALTH_RANK[row.health];
    case 'cpu':
      return row.cpuPercent;
    case 'mem':
      return row.memBytes;
    case 'uptime':
      // An older start is a longer uptime.
      return row.startedAtMs === null ? null : -row.startedAtMs;
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}
