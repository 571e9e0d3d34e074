import { createStreamManager } from '@pulsewire/shared-schema/client';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useApp, useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { FailureNote } from '../../rest/failure-note.js';
import { useRoute } from '../../route/use-route.js';
import { Badge } from '../../ui/badge.js';
import { Icon } from '../../ui/icon.js';
import { LogDetail } from './log-detail.js';
import { LogFilters } from './log-filters.js';
import type { LogFilter, LogLine } from './log-line.js';
import { LogList } from './log-list.js';
import { LogNothing } from './log-nothing.js';
import { LogSession } from './log-session.js';
import { type LogsState, readLogsState, writeLogsState } from './logs-state.js';
import { LOGS_WORDS } from './words.js';

/** Log lines: those that come in, joined with those that were recorded, or those around a moment. */
export function LogsPage() {
  const { clock, rest, keys, feedUrl, store, router } = useApp();
  const { query } = useRoute();
  const state = useMemo(() => readLogsState(query), [query]);
  const { atMs } = state;
  // Another moment is another session; another filter is not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const session = useMemo(
    () =>
      new LogSession({
        clock,
        rest,
        url: feedUrl,
        key: keys.get() ?? '',
        filter: state,
        atMs,
        serverNowMs: () => store.serverNowMs(),
        create: createStreamManager,
      }),
    [clock, rest, feedUrl, keys, store, atMs],
  );
  useEffect(() => session.start(), [session]);
  useEffect(() => session.setFilter(state), [session, state]);
  const change = useCallback(
    (changed: Partial<LogsState>) => {
      const next = { ...readLogsState(router.view().query), ...changed };
      router.note(writeLogsState(next));
    },
    [router],
  );
  return <LogsPanel key={atMs ?? 'live'} session={session} state={state} onChange={change} />;
}

interface LogsPanelProps {
  session: LogSession;
  state: LogsState;
  onChange: (changed: Partial<LogsState>) => void;
}

function LogsPanel({ session, state, onChange }: LogsPanelProps) {
  const { language, moment } = useSpeech();
  const words = LOGS_WORDS[language];
  const view = useSyncExternalStore(session.model.subscribe, session.model.view);
  const status = useSyncExternalStore(session.subscribe, session.status);
  const [follows, setFollows] = useState(state.atMs === null);
  const [chosen, setChosen] = useState<LogLine | null>(null);
  const services = useServices(view.lines);
  const { isFull } = session.model;
  const isHeld = view.heldBack !== null;
  const isLive = state.atMs === null;
  // Then the note about the stream says it.
  const isRefused = isLive && status.stream.name === 'rejected';
  const flows = isLive && status.stream.name === 'live';
  const count = (n: number) => n.toLocaleString(language);
  const onFilter = useCallback(
    (changed: Partial<LogFilter>) => {
      setChosen(null);
      onChange(changed);
    },
    [onChange],
  );

  return (
    <section className="panel logs" aria-labelledby="logs-title" data-testid="logs-page">
      <div className="logs-head">
        <h2 id="logs-title">{words.title}</h2>
        {isLive ? (
          <span data-testid="log-state" data-state={isHeld ? 'paused' : status.stream.name} role="status">
            <Badge
              tone={!isHeld && flows ? 'ok' : 'neutral'}
              icon={isHeld ? 'pause' : flows ? 'check' : 'clock'}
            >
              {isHeld ? words.paused : flows ? words.tail : words.notLive}
            </Badge>
          </span>
        ) : (
          <Badge tone="info" icon="clock">
            {words.at(moment(state.atMs ?? 0, 0))}
          </Badge>
        )}
        <span className="muted small" data-testid="log-count">
          {words.lines(count(view.lines.length))}
          {view.lines.length > 0 && isFull && ` · ${words.full}`}
          {view.lines.length > 0 && !status.hasOlder && !isFull && ` · ${words.beginning}`}
        </span>
        <LogFilters filter={state} services={services} onChange={onFilter} />
        <button
          type="button"
          className="icon-button"
          aria-pressed={state.wrap}
          aria-label={words.wrap}
          title={words.wrap}
          data-testid="log-wrap"
          onClick={() => onChange({ wrap: !state.wrap })}
        >
          <Icon name="wrap" />
        </button>
        {isLive ? (
          <button
            type="button"
            className="button small"
            aria-pressed={isHeld}
            data-testid="log-pause"
            onClick={() => (isHeld ? session.release() : session.hold())}
          >
            <Icon name={isHeld ? 'play' : 'pause'} />
            {isHeld ? words.resume : words.pause}
          </button>
        ) : (
          <button
            type="button"
            className="button small primary"
            data-testid="back-to-live"
            onClick={() => onChange({ atMs: null })}
          >
            {words.backToLive}
          </button>
        )}
      </div>
      {status.failure !== null && !isRefused && (
        <FailureNote failure={status.failure} asOfMs={null} onAskNow={session.retryNow} />
      )}
      <StreamNote session={session} isLive={isLive} />
      {view.lines.length === 0 ? (
        <LogNothing status={status} isLive={isLive} />
      ) : (
        <div className="log-frame">
          <LogList
            view={view}
            search={state.search}
            label={words.list}
            follows={follows && isLive && !isHeld}
            onFollows={setFollows}
            onTop={session.loadOlder}
            {...(isLive ? {} : { onBottom: session.loadNewer })}
            chosen={chosen}
            onChoose={setChosen}
            atMs={state.atMs}
            wrap={state.wrap}
          />
          {isLive && (!follows || isHeld) && (
            <button
              type="button"
              className="button small primary to-end"
              data-testid="to-end"
              onClick={() => {
                session.release();
                setFollows(true);
              }}
            >
              <Icon name="down" />
              {view.heldBack === null ? words.toEnd : words.held(count(view.heldBack))}
            </button>
          )}
        </div>
      )}
      {chosen !== null && <LogDetail line={chosen} onClose={() => setChosen(null)} />}
    </section>
  );
}

/** An interrupted tail is said in words; lines that are shown stay. */
function StreamNote({ session, isLive }: { session: LogSession; isLive: boolean }) {
  const { language } = useSpeech();
  const words = LOGS_WORDS[language];
  const { stream } = useSyncExternalStore(session.subscribe, session.status);
  if (!isLive || stream.name === 'live' || stream.name === 'idle') return null;
  if (stream.name === 'connecting' && stream.attempt <= 1) return null;
  const said =
    stream.name === 'rejected'
      ? words.rejected
      : stream.name === 'degraded'
        ? words.streamDegraded
        : words.streamLost;
  return (
    <p className="stream-note small" role="status" data-testid="log-stream-note" data-state={stream.name}>
      {said}
    </p>
  );
}

const SERVICES_READ = 2000;

/** Of the containers that are known, and of the lines that came in. */
function useServices(lines: readonly LogLine[]): readonly string[] {
  const containers = useLive((view) => view.containers);
  const text = JSON.stringify(
    [
      ...new Set([
        ...containers.map(({ name }) => name),
        ...lines.slice(-SERVICES_READ).map(({ service }) => service),
      ]),
    ].sort(),
  );
  return useMemo(() => JSON.parse(text) as string[], [text]);
}
