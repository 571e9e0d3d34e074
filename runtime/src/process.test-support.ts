/** A process for the tests of `runProcess`: what it does is its first argument. */
import { ConfigError } from './errors.js';
import { type Running, runProcess } from './run-process.js';

const stops = { stop: async () => {} };

const PLAYS: Record<string, () => Promise<Running>> = {
  runs: async () => stops,
  reloads: async () => ({ ...stops, reload: () => void process.stdout.write('reloaded\n') }),
  misconfigured: async () => {
    throw new ConfigError([{ variable: 'PORT', given: 'x', allowed: 'must be a number' }]);
  },
  fails: () => Promise.reject(new Error('no luck with redis://:hunter2hunter2@host')),
  crashes: async () => {
    process.nextTick(() => {
      throw new Error('crashed while running');
    });
    return stops;
  },
  'stops badly': async () => ({ stop: () => Promise.reject(new Error('stuck')) }),
  'never stops': async () => ({
    stop() {
      process.stdout.write('stopping\n');
      return new Promise<void>(() => {});
    },
  }),
};

const play = PLAYS[process.argv[2] ?? ''];
if (play === undefined) throw new Error('no such play');
await runProcess('fixture', async () => {
  const running = await play();
  process.stdout.write('started\n');
  return running;
});
