/** `pulsewire tail`: messages to stdout, one JSON line each; what happens to the connection to stderr. */
import { createStreamManager } from '@pulsewire/shared-schema/client';
import type { TailCommand } from './command-line.js';
import { createFrameSource, renderLine } from './frame-source.js';
import { sayFeed, sayState } from './say-state.js';

export interface TailOutput {
  /** Takes one message, line break included. */
  line(text: string): void;
  /** Tells people what happens. */
  say(text: string): void;
  /** Settles when the command shall end: a signal, or a reader that went away. */
  ended: Promise<void>;
}

/** Resolves with the exit code: 0 when it was asked to end, 1 when the gateway does not accept the key. */
export async function runTail(command: TailCommand, key: string, output: TailOutput): Promise<number> {
  const frames = createFrameSource();
  const manager = createStreamManager({
    url: command.target.feedUrl,
    key,
    selection: command.selection,
    connect: frames.connect,
    probe: frames.probe,
    ...(command.after === null ? {} : { after: command.after }),
  });
  manager.on('message', () => output.line(renderLine(frames.currentFrame())));
  manager.on('feed', (message) => sayIf(sayFeed(message)));
  const rejected = new Promise<number>((resolve) => {
    manager.on('state', (state) => {
      sayIf(sayState(state, frames.refusedStatus()));
      if (state.name === 'rejected') resolve(1);
    });
  });
  manager.open();
  const code = await Promise.race([rejected, output.ended.then(() => 0)]);
  manager.close();
  return code;

  function sayIf(text: string | null): void {
    if (text !== null) output.say(text);
  }
}
