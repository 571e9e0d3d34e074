import { useSyncExternalStore } from 'react';
import { useSpeech } from '../../../i18n/use-language.js';
import { Badge } from '../../../ui/badge.js';
import { Icon } from '../../../ui/icon.js';
import { IconButton } from '../../../ui/icon-button.js';
import { type ReplayPlayer, SPEEDS } from './replay-player.js';
import { REPLAY_WORDS } from './words.js';

interface ReplayBarProps {
  player: ReplayPlayer;
  momentMs: number;
  ready: boolean;
  onClose: () => void;
}

const JUMP_MS = 10_000;

/** Like a tape: play, speed, position. It says at all times that this is not now. */
export function ReplayBar({ player, momentMs, ready, onClose }: ReplayBarProps) {
  const { language, moment, clock } = useSpeech();
  const words = REPLAY_WORDS[language];
  const { positionMs, playing, speed } = useSyncExternalStore(player.subscribe, player.view);
  const { fromMs, toMs } = player.span;
  return (
    <section className="replay-bar" aria-label={words.title} data-testid="replay-bar" data-playing={playing}>
      <Badge tone="warning" icon="replay">
        {words.title}
      </Badge>
      <span className="replay-now" data-testid="replay-position" data-ms={Math.round(positionMs)}>
        {moment(positionMs, 0)}
      </span>
      <span className="replay-transport">
        <IconButton icon="left" label={words.back} onClick={() => player.seek(positionMs - JUMP_MS)} />
        <button
          type="button"
          className="button small primary"
          disabled={!ready}
          data-testid="replay-play"
          onClick={() => player.setPlaying(!playing)}
        >
          <Icon name={playing ? 'pause' : 'play'} />
          <span className="replay-play-label">{playing ? words.pause : words.play}</span>
        </button>
        <IconButton icon="right" label={words.forward} onClick={() => player.seek(positionMs + JUMP_MS)} />
      </span>
      <fieldset className="segments">
        <legend className="visually-hidden">{words.speed}</legend>
        {SPEEDS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === speed}
            data-testid={`replay-speed-${each}`}
            onClick={() => player.setSpeed(each)}
          >
            {words.times(each)}
          </button>
        ))}
      </fieldset>
      <input
        type="range"
        className="replay-slider"
        aria-label={words.position}
        aria-valuetext={clock(positionMs)}
        min={fromMs}
        max={toMs}
        step={1000}
        value={positionMs}
        data-testid="replay-slider"
        onChange={(event) => player.seek(Number(event.target.value))}
      />
      <button type="button" className="button small" onClick={() => player.seek(momentMs)}>
        {words.toMoment}
      </button>
      <button type="button" className="button small" data-testid="replay-close" onClick={onClose}>
        <Icon name="close" />
        {words.close}
      </button>
      <span className="muted small replay-explain">{words.explain}</span>
    </section>
  );
}
