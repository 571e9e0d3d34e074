import type { ContainerColumn, SortOrder } from '../live/sorting.js';
import { Icon } from './icon.js';

interface SortHeaderProps {
  column: ContainerColumn;
  label: string;
  order: SortOrder;
  onSort: () => void;
}

const NUMERIC: ReadonlySet<ContainerColumn> = new Set(['cpu', 'mem', 'uptime']);

/** A column head that sorts: a button inside, `aria-sort` outside. */
export function SortHeader({ column, label, order, onSort }: SortHeaderProps) {
  const active = order.column === column;
  const direction = order.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={`col-${column}`} aria-sort={active ? direction : 'none'}>
      <button
        type="button"
        className={`sort ${NUMERIC.has(column) ? 'numeric' : ''} ${active ? 'active' : ''}`}
        data-testid={`sort-${column}`}
        onClick={onSort}
      >
        {label}
        <Icon name={active && order.descending ? 'down' : 'up'} className="sort-icon" />
      </button>
    </th>
  );
}
