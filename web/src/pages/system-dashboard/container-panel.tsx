import { useDeferredValue, useId, useMemo, useState, useSyncExternalStore } from 'react';
import { useApp, useLive, useReads } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import {
  CONTAINER_COLUMNS,
  filterContainers,
  nextOrder,
  type SortOrder,
  sortContainers,
} from '../../live/sorting.js';
import { Icon } from '../../ui/icon.js';
import { SortHeader } from '../../ui/sort-header.js';
import { ContainerRow } from './container-row.js';

/** More rows than this are shown on demand: hundreds of moving rows help nobody. */
const SHOWN = 50;

export function ContainerPanel() {
  const { text } = useSpeech();
  const titleId = useId();
  const containers = useLive((view) => view.containers);
  const known = useLive((view) => view.containersKnown);
  const severalHosts = useLive((view) => view.hosts.length > 1);
  const [order, setOrder] = useState<SortOrder>({ column: 'name', descending: false });
  const [filter, setFilter] = useState('');
  const [all, setAll] = useState(false);
  const wanted = useDeferredValue(filter);
  const rows = useMemo(
    () => sortContainers(filterContainers(containers, wanted), order),
    [containers, wanted, order],
  );
  const columns = CONTAINER_COLUMNS.filter((column) => column !== 'host' || severalHosts);
  const shown = all ? rows : rows.slice(0, SHOWN);

  return (
    <section className="panel containers" aria-labelledby={titleId} data-testid="containers">
      <div className="panel-head">
        <h2 id={titleId}>
          {text.containers.title}{' '}
          {containers.length > 0 && (
            <span className="count">{text.containers.shown(rows.length, containers.length)}</span>
          )}
        </h2>
        {containers.length > 0 && (
          <label className="search">
            <Icon name="search" />
            <span className="visually-hidden">{text.containers.filter}</span>
            <input
              type="search"
              value={filter}
              placeholder={text.containers.filter}
              data-testid="container-filter"
              onChange={(event) => setFilter(event.target.value)}
            />
          </label>
        )}
      </div>
      {containers.length === 0 ? (
        <NoContainers known={known} severalHosts={severalHosts} />
      ) : rows.length === 0 ? (
        <p className="nothing">{text.empty.filterNone(wanted)}</p>
      ) : (
        <div className="table-scroll">
          <table aria-labelledby={titleId}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <SortHeader
                    key={column}
                    column={column}
                    label={text.containers.column[column]}
                    order={order}
                    onSort={() => setOrder(nextOrder(order, column))}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <ContainerRow key={row.key} row={row} withHost={severalHosts} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > SHOWN && (
        <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.gauge.fewer : text.containers.showAll(rows.length)}
        </button>
      )}
    </section>
  );
}

/**
 * Nothing there, no engine, and nothing known are three things. The process behind the page knows of its own engine
 * only: with several hosts that explains nothing.
 */
function NoContainers({ known, severalHosts }: { known: boolean; severalHosts: boolean }) {
  const { engine } = useApp();
  const { text } = useSpeech();
  const state = useSyncExternalStore(engine.subscribe, engine.view);
  const reads = useReads('containers');
  const name = known || severalHosts || !reads ? 'unknown' : state.name;
  const { title, explain } = text.empty.engine[name];
  return (
    <div className="nothing" data-testid="no-containers" data-known={known} data-engine={name}>
      <Icon name="box" />
      <strong>{known ? text.empty.containersNone : title}</strong>
      {!known && (
        <span className="muted">
          {reads ? explain(state.name === 'down' ? state.cause : '') : text.empty.notReadable}
        </span>
      )}
    </div>
  );
}
