/** `pulsewire tail`: messages to stdout, one JSON line each; what happens to the connection to stderr. */
import { createStreamManager } from '@pulsewire/shared-schema/client';
import type { TailCommand } from './command-line.js';
import { createFrameSource, renderLine } from './frame-source.js';
import { sayFeed, sayState } from './say-state.js';

const EXIT_REJECTED = 1;
const EXIT_UNWRITTEN = 1;
const EXIT_MISUSE = 2;
/** HTTP status of a wrong query option. */
const BAD_REQUEST = 400;

/** Why the command is over: as asked (`null`), or because what comes cannot be written. */
export interface End {
  failure: string | null;
}

export interface TailOutput {
  /** Takes one message, line break included. */
  line(text: string): void;
  /** Tells people what happens. */
  say(text: string): void;
  /** Settles when the command shall end: a signal, a reader that went away, or a disk that is full. */
  ended: Promise<End>;
}

/**
 * Resolves with the exit code: 0 when it was asked to end, 1 when the gateway does not accept the key or the messages
 * cannot be written, 2 when the gateway does not take the options, which trying again would not change.
 */
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
      const refusal = state.name === 'waiting' && state.reason === 'refused' ? frames.refusal() : null;
      if (refusal?.status === BAD_REQUEST) {
        output.say(`the gateway does not take these options: ${refusal.message ?? 'it does not say why'}`);
        return resolve(EXIT_MISUSE);
      }
      sayIf(sayState(state, { refusal: frames.refusal(), failure: frames.failure() }));
      if (state.name === 'rejected') resolve(EXIT_REJECTED);
    });
  });
  manager.open();
  const code = await Promise.race([rejected, output.ended.then(finish)]);
  manager.close();
  return code;

  function finish({ failure }: End): number {
    if (failure === null) return 0;
    output.say(`messages cannot be written: ${failure}`);
    return EXIT_UNWRITTEN;
  }

  function sayIf(text: string | null): void {
    if (text !== null) output.say(text);
  }
}
