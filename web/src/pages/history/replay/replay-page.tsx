import type { Topic } from '@pulsewire/shared-schema';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { AppContext, useApp } from '../../../app-context.js';
import { useSpeech } from '../../../i18n/use-language.js';
import { FailureNote } from '../../../rest/failure-note.js';
import { useResource } from '../../../rest/use-resource.js';
import { loadLogWindow } from '../../logs/load-logs.js';
import { LogDetail } from '../../logs/log-detail.js';
import { LEVELS, type LogLine } from '../../logs/log-line.js';
import { LogList } from '../../logs/log-list.js';
import { SystemDashboard } from '../../system-dashboard/system-dashboard.js';
import { deriveReplaySpan, LEAD_MS, loadRecording } from './load-replay.js';
import { ReplayBar } from './replay-bar.js';
import { ReplayLogs } from './replay-logs.js';
import { deriveReplay } from './replay-messages.js';
import { ReplayPlayer } from './replay-player.js';
import { REPLAY_WORDS } from './words.js';
import './replay.css';

/** What a replay tells of. */
const TOPICS = ['metrics', 'containers', 'alerts'] as const satisfies readonly Topic[];

interface ReplayPageProps {
  momentMs: number;
  onClose: () => void;
}

/** The dashboard as it was around a moment: the same components over a store that a recording is played into. */
export function ReplayPage({ momentMs, onClose }: ReplayPageProps) {
  const app = useApp();
  const { clock, rest, store } = app;
  const { language, duration } = useSpeech();
  const words = REPLAY_WORDS[language];
  const [span] = useState(() => deriveReplaySpan(momentMs, store.serverNowMs()));
  const [player] = useState(() => new ReplayPlayer(clock, span, span.fromMs));
  const recording = useResource({
    key: `${span.fromMs} ${span.toMs}`,
    load: (signal) => loadRecording(rest, span, store.serverNowMs(), signal),
    refreshMs: () => null,
  });
  const { data } = recording;
  const isEmpty = data?.series.every(({ points }) => points.length === 0) ?? false;
  const coarsestMs = Math.max(0, ...(data?.series ?? []).map(({ resolutionMs }) => resolutionMs));

  useEffect(() => player.start(), [player]);
  useEffect(() => {
    if (data === null) return;
    const { refused } = data;
    const topics = TOPICS.filter((topic) => !refused.includes(topic as (typeof refused)[number]));
    player.load(deriveReplay(data, { fromMs: span.fromMs - LEAD_MS, toMs: span.toMs }), topics);
    player.setPlaying(true);
  }, [data, player, span]);
  const parts = useMemo(() => ({ ...app, store: player.store, clock: player.clock }), [app, player]);

  return (
    <div className="replay" data-testid="replay">
      <ReplayBar player={player} momentMs={momentMs} ready={data !== null} onClose={onClose} />
      {recording.failure !== null && (
        <FailureNote failure={recording.failure} asOfMs={null} onAskNow={recording.askNow} />
      )}
      {data === null && recording.failure === null && (
        <p className="panel nothing muted" role="status">
          {words.loading}
        </p>
      )}
      {coarsestMs >= 60_000 && !isEmpty && (
        <p className="muted small">{words.coarse(duration(coarsestMs))}</p>
      )}
      {data?.lacksEvents === true && (
        <p className="muted small" data-testid="replay-lacks-events">
          {words.lacksEvents}
        </p>
      )}
      {isEmpty && (
        <div className="panel nothing" data-testid="replay-empty">
          <strong>{words.none}</strong>
          <span className="muted">{words.noneExplain}</span>
        </div>
      )}
      {data !== null && !isEmpty && (
        <AppContext value={parts}>
          <ReplayedDashboard player={player} />
        </AppContext>
      )}
      {data !== null && <ReplayedLogs player={player} />}
    </div>
  );
}

/** Made anew after a jump: its charts only know time that moves on. */
function ReplayedDashboard({ player }: { player: ReplayPlayer }) {
  const epoch = useSyncExternalStore(player.subscribe, () => player.view().epoch);
  return <SystemDashboard key={epoch} />;
}

function ReplayedLogs({ player }: { player: ReplayPlayer }) {
  const { clock, rest } = useApp();
  const { language } = useSpeech();
  const words = REPLAY_WORDS[language];
  const [logs] = useState(() => {
    const filter = { service: null, levels: LEVELS, search: '' };
    return new ReplayLogs(clock, (span, signal) => loadLogWindow(rest, { filter, ...span }, signal));
  });
  const view = useSyncExternalStore(logs.model.subscribe, logs.model.view);
  const [follows, setFollows] = useState(true);
  const [chosen, setChosen] = useState<LogLine | null>(null);

  useEffect(() => {
    let { epoch } = player.view();
    logs.seek(player.view().positionMs);
    const release = player.subscribe(() => {
      const state = player.view();
      if (state.epoch === epoch) logs.advance(state.positionMs);
      else logs.seek(state.positionMs);
      epoch = state.epoch;
    });
    return () => {
      release();
      logs.stop();
    };
  }, [player, logs]);

  return (
    <section className="panel logs replay-logs" aria-label={words.logs} data-testid="replay-logs">
      <h2>{words.logs}</h2>
      {logs.failure !== null && <p className="muted small">{words.logsMissing}</p>}
      {logs.isCut && (
        <p className="muted small" data-testid="replay-logs-cut">
          {words.logsCut}
        </p>
      )}
      <LogList
        view={view}
        search=""
        label={words.logs}
        follows={follows}
        onFollows={setFollows}
        chosen={chosen}
        onChoose={setChosen}
      />
      {chosen !== null && <LogDetail line={chosen} onClose={() => setChosen(null)} />}
    </section>
  );
}
