import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualPageClock } from '../testing/manual-clock.test-support.js';
import { deriveEngineState, EngineReport } from './engine-report.js';

const readyz = (docker: unknown, containers = 0) => ({
  ready: true,
  dependencies: { bus: { status: 'up' }, docker },
  facts: { containers },
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('engine report', () => {
  it('WB-46: engine without containers, absent, and none watched: three states', () => {
    expect([
      deriveEngineState(readyz({ status: 'up', cause: null })),
      deriveEngineState(readyz({ status: 'down', cause: 'enoent' })),
      deriveEngineState(readyz(undefined)),
    ]).toEqual([{ name: 'empty' }, { name: 'down', cause: 'enoent' }, { name: 'unknown' }]);
  });
  it('WB-46: engine has containers that this page does not see, they are not denied', () => {
    expect(deriveEngineState(readyz({ status: 'up' }, 3))).toEqual({ name: 'unknown' });
  });
  it('WB-46: any answer, a state and no exception', () => {
    fc.assert(
      fc.property(fc.anything(), (report) => {
        expect(['unknown', 'empty', 'down']).toContain(deriveEngineState(report).name);
      }),
    );
  });
  it('WB-46: somebody wants to know, told when it changes and only then', async () => {
    const clock = createManualPageClock();
    const answers = [
      { status: 'down', cause: 'enoent' },
      { status: 'down', cause: 'enoent' },
      { status: 'up' },
    ];
    const report = new EngineReport(clock, () => Promise.resolve(readyz(answers.shift())));
    const seen: string[] = [];
    report.subscribe(() => seen.push(report.view().name));
    for (let second = 0; second < 20; second += 1) {
      clock.advance(1000);
      await settle();
    }
    expect([seen, answers]).toEqual([['down', 'empty'], []]);
  });
  it('WB-49: nobody wants to know any more, nothing is asked and no timer is left', async () => {
    const clock = createManualPageClock();
    let asked = 0;
    const report = new EngineReport(clock, () => {
      asked += 1;
      return Promise.resolve(null);
    });
    report.subscribe(() => {})();
    clock.advance(60_000);
    expect([asked, clock.scheduled]).toEqual([0, 0]);
  });
});
