import { describe, expect, it } from 'vitest';
import type { Peer, Probe } from './evidence.js';
import { rule } from './evidence.js';
import { examine, renderFinding, renderSummary } from './examine.js';
import { check, no, OK } from './judging.js';

const NOT_ASKED = () => Promise.reject(new Error('not asked'));
const PEER: Peer = { key: 'k', wrongKey: 'w', ask: NOT_ASKED, talk: NOT_ASKED, publish: null };

async function report(rules: ReturnType<typeof rule>[], options: { long?: boolean } = {}): Promise<string[]> {
  const lines: string[] = [];
  const findings = await examine({
    peer: PEER,
    rules,
    long: options.long ?? false,
    onFinding: (finding) => lines.push(renderFinding(finding)),
  });
  return [...lines, renderSummary(findings)];
}

describe('examination', () => {
  it('CL-20: a rule kept and a rule broken, a line each and the summary', async () => {
    const probe: Probe<number> = { collect: () => Promise.resolve(7) };
    const lines = await report([
      rule('GW-1', 'is seven', probe, (seen) => check(seen === 7, '7', String(seen))),
      rule('GW-2', 'is eight', probe, (seen) => no('8', String(seen))),
    ]);
    expect(lines).toEqual([
      'ok GW-1 is seven',
      'not ok GW-2 is eight: expected 8, got 7',
      '1 ok, 1 not ok, 0 skipped',
    ]);
  });

  it('CL-20: two rules on one probe, the gateway is asked once', async () => {
    let asked = 0;
    const probe: Probe<number> = { collect: () => Promise.resolve(++asked) };
    await report([rule('GW-1', 'a', probe, () => OK), rule('GW-2', 'b', probe, () => OK)]);
    expect(asked).toBe(1);
  });

  it('CL-20: probe that fails, not ok with the reason', async () => {
    const probe: Probe<never> = { collect: () => Promise.reject(new Error('no bus')) };
    expect(await report([rule('GW-1', 'a', probe, () => OK)])).toContain(
      'not ok GW-1 a: expected to be examined, got Error: no bus',
    );
  });

  it('CL-24: neither bus nor time given, both are skipped and neither is tried', async () => {
    const bus: Probe<never> = { needs: 'publisher', collect: NOT_ASKED };
    const time: Probe<never> = { needs: 'time', collect: NOT_ASKED };
    expect(await report([rule('GW-1', 'a', bus, () => OK), rule('GW-2', 'b', time, () => OK)])).toEqual([
      'skip GW-1 a (needs --redis-url, to publish)',
      'skip GW-2 b (needs --long)',
      '0 ok, 0 not ok, 2 skipped',
    ]);
  });

  it('CL-24: time given, what needs it is examined', async () => {
    const probe: Probe<number> = { needs: 'time', collect: () => Promise.resolve(1) };
    expect(await report([rule('GW-1', 'a', probe, () => OK)], { long: true })).toContain('ok GW-1 a');
  });
});
