/** Child processes that answer questions: one message in, one message back, in order. */
import { type ChildProcess, fork } from 'node:child_process';
import { within } from '../../src/support/within.js';

export interface Worker<Question, Answer> {
  readonly pid: number;
  /** Rejects when the worker ends first, or does not answer in time (default 60 s). */
  ask(question: Question, timeoutMs?: number): Promise<Answer>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `file` (beside this one, without extension). */
export function startWorker<Question extends object, Answer>(file: string): Worker<Question, Answer> {
  const child = fork(new URL(`./${file}.js`, import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    ask(question, timeoutMs = 60_000) {
      const answer = new Promise<Answer>((resolve, reject) => {
        child.once('message', (message) => resolve(message as Answer));
        void ended.then(() => reject(new Error(`${file} ended`)));
      });
      child.send(question);
      return within(answer, timeoutMs, `the answer of ${file}`);
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Answers the parent's questions; ends with it. */
export function answer<Question, Answer>(reply: (question: Question) => Promise<Answer> | Answer): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question) => {
    void Promise.resolve(reply(question as Question)).then((message) => process.send?.(message ?? {}));
  });
}
