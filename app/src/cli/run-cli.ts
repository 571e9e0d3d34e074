/** The edge between the commands and the process: streams, signals, exit codes. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Environment } from '@pulsewire/runtime';
import { type ConformCommand, parseCommandLine, type TailCommand } from './command-line.js';
import { findKey } from './find-key.js';
import { HELP } from './help.js';
import type { End } from './tail.js';

const EXIT_MISUSE = 2;
/** An examination that was not made, or not finished, proves nothing. */
const EXIT_NOT_EXAMINED = 1;

/** Runs one command. Resolves with the exit code: 0 well, 1 not, 2 wrong use. */
export async function runCli(args: readonly string[], env: Environment): Promise<number> {
  const command = parseCommandLine(args);
  const ended = whenEnded();
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${ownVersion()}\n`);
      return 0;
    case 'misuse':
      return misuse(command.message);
    case 'tail':
      return tail(command, env, ended);
    case 'conform':
      // At once: conversations that are under way would go on to their deadlines.
      void ended.then(() => process.exit(EXIT_NOT_EXAMINED));
      return conform(command, env);
  }
}

async function tail(command: TailCommand, env: Environment, ended: Promise<End>): Promise<number> {
  const key = await findKey(command, env);
  if ('missing' in key) return misuse(key.missing);
  const { runTail } = await import('./tail.js');
  return runTail(command, key.found, { line: (text) => void process.stdout.write(text), say, ended });
}

async function conform(command: ConformCommand, env: Environment): Promise<number> {
  const key = await findKey(command, env);
  if ('missing' in key) return misuse(key.missing);
  const { runConform } = await import('./conform/conform.js');
  const { connectPublisher } = await import('./conform/publisher.js');
  const publisher = command.redisUrl === null ? null : connectPublisher(command.redisUrl);
  if (publisher !== null && 'mistake' in publisher) return misuse(`--redis-url ${publisher.mistake}`);
  const { long, only, target } = command;
  const line = (text: string) => void process.stdout.write(`${text}\n`);
  try {
    if (publisher !== null && !(await publisher.isReachable())) {
      line('nothing was examined: no Redis that takes commands answers at --redis-url');
      return EXIT_NOT_EXAMINED;
    }
    return await runConform({
      feedUrl: target.feedUrl,
      key: key.found,
      long,
      only,
      publish: publisher === null ? null : publisher.publish,
      line,
    });
  } finally {
    publisher?.stop();
  }
}

/** On a signal to end, and when stdout takes no more. */
async function whenEnded(): Promise<End> {
  const unwritable = new Promise<End>((resolve) => {
    process.stdout.on('error', (error) => resolve(deriveEnd(error)));
  });
  // Nobody left to tell is no reason to fail.
  process.stderr.on('error', () => undefined);
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  return Promise.race([asked.then((): End => ({ failure: null })), unwritable]);
}

/** A reader that went away has had enough, as in `pulsewire tail | head`; a full disk has lost what came. */
function deriveEnd(error: Error): End {
  return { failure: 'code' in error && error.code === 'EPIPE' ? null : error.message };
}

function misuse(message: string): number {
  say(`${message}; see pulsewire --help`);
  return EXIT_MISUSE;
}

/** A gateway's own words may be in it: nothing that a terminal would obey gets through. */
function say(text: string): void {
  process.stderr.write(`pulsewire: ${text.replace(/\p{Cc}+/gu, ' ')}\n`);
}

/** Two folders above both `src/cli` and `dist/cli`. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
