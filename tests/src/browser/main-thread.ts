/** How busy a page's main thread was, from a Chromium trace (the trace event format, JSON). */

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  args?: { name?: string };
}

/** What {@link busyShare} needs of a trace. */
export const TRACE_CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline'];

/** Names that the outermost task of a thread has, depending on the trace's categories. */
const TASK_NAMES = ['RunTask', 'ThreadControllerImpl::RunTask'];

/**
 * Share (0–1) of the traced time that the busiest renderer main thread spent in tasks. Overlapping events count
 * once. Throws when the trace holds no renderer.
 */
export function busyShare(trace: Buffer, tracedMs: number): number {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const threads = traceEvents.filter(
    ({ ph, name, args }) => ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  if (threads.length === 0) throw new Error('the trace names no renderer main thread');
  const busyUs = threads.map(({ pid, tid }) => {
    const tasks = traceEvents.filter(
      (event) =>
        event.pid === pid && event.tid === tid && event.ph === 'X' && TASK_NAMES.includes(event.name),
    );
    return unionUs(tasks);
  });
  return Math.max(...busyUs) / 1000 / tracedMs;
}

function unionUs(events: readonly TraceEvent[]): number {
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { ts, dur = 0 } of [...events].sort((a, b) => a.ts - b.ts)) {
    total += Math.max(0, ts + dur - Math.max(ts, end));
    end = Math.max(end, ts + dur);
  }
  return total;
}
