/** CPU time finer than the kernel's 10 ms steps of `/proc/<pid>/stat`: what the scheduler gave to each thread. */
import { readdirSync, readFileSync } from 'node:fs';

/** User and system time of all threads that live now, in µs. Throws when the process is gone. */
export function readCpuUs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1000;
}
