/** Runs rules against a peer: one after the other, each probe once, and a verdict for every rule. */
import type { Peer, Probe, Rule, Verdict } from './evidence.js';

export interface Finding {
  id: string;
  promise: string;
  verdict: Verdict;
}

export interface ExamineOptions {
  peer: Peer;
  rules: readonly Rule[];
  /** Also what takes minutes, or is felt afterwards. */
  long: boolean;
  onFinding(finding: Finding): void;
}

/** Never rejects: a probe that fails is a verdict. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const { peer, rules, long, onFinding } = options;
  const collected = new Map<Probe<unknown>, Promise<unknown>>();
  const findings: Finding[] = [];

  async function judge({ probe, judge: judgeEvidence }: Rule): Promise<Verdict> {
    if (probe.needs === 'publisher' && peer.publish === null)
      return { kind: 'skip', why: 'needs --redis-url, to publish' };
    if (probe.needs === 'time' && !long) return { kind: 'skip', why: 'needs --long' };
    const evidence = collected.get(probe) ?? probe.collect(peer);
    collected.set(probe, evidence);
    try {
      return judgeEvidence(await evidence);
    } catch (error) {
      return { kind: 'not ok', expected: 'to be examined', got: String(error) };
    }
  }

  for (const rule of rules) {
    const finding = { id: rule.id, promise: rule.promise, verdict: await judge(rule) };
    findings.push(finding);
    onFinding(finding);
  }
  return findings;
}

/** `not ok GW-40 hello comes first: expected … got …` */
export function renderFinding({ id, promise, verdict }: Finding): string {
  const head = `${verdict.kind} ${id} ${promise}`;
  if (verdict.kind === 'not ok') return `${head}: expected ${verdict.expected}, got ${verdict.got}`;
  return verdict.kind === 'skip' ? `${head} (${verdict.why})` : head;
}

export function renderSummary(findings: readonly Finding[]): string {
  const count = (kind: Verdict['kind']) => findings.filter(({ verdict }) => verdict.kind === kind).length;
  return `${count('ok')} ok, ${count('not ok')} not ok, ${count('skip')} skipped`;
}
