import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, createClusterNodes, movedTo } from './cluster-nodes.js';

const take = (count: number, next: () => string) => Array.from({ length: count }, next);

describe('the nodes of a Cluster', () => {
  it('RT-172: seeds only, are tried in turn', () => {
    const nodes = createClusterNodes(['a:1', 'b:1']);
    expect(take(3, nodes.next)).toEqual(['a:1', 'b:1', 'a:1']);
  });

  it('RT-172: a node that served, is tried first, then those that the Cluster named, then the seeds', () => {
    const nodes = createClusterNodes(['a:1', 'b:1']);
    nodes.next();
    nodes.served('c:1');
    nodes.learn(['b:1', 'c:1', 'd:1']);
    expect(take(5, nodes.next)).toEqual(['c:1', 'b:1', 'd:1', 'a:1', 'c:1']);
  });

  it('RT-172: whatever was learned, every node is tried before one is tried again', () => {
    const address = fc.constantFrom('a:1', 'b:1', 'c:1', 'd:1', 'e:1');
    const lists = fc.array(address, { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1, maxLength: 4 }),
        address,
        lists,
        (seeds, owner, learned) => {
          const nodes = createClusterNodes(seeds);
          nodes.learn(learned);
          nodes.served(owner);
          const all = new Set([owner, ...seeds, ...learned]);
          expect(new Set(take(all.size, nodes.next))).toEqual(all);
          expect(nodes.next()).toBe(owner);
        },
      ),
    );
  });

  it.each([
    ['MOVED 10969 127.0.0.1:7002', '127.0.0.1:7002'],
    ['MOVED 1 ::1:7002', '[::1]:7002'],
    ['MOVED 1 :7002', 'asked.example:7002'],
    ['MOVED 1 ?:7002', 'asked.example:7002'],
    ['ASK 10969 127.0.0.1:7002', null],
    ['MOVED', null],
    ['ERR MOVED 1 a:1', null],
  ])('RT-173: the answer "%s", points to %s', (answer, address) => {
    expect(movedTo(answer, 'asked.example:7000')).toBe(address);
  });

  it('RT-173: the list of slots, names masters and replicas once each', () => {
    const slots = [
      [0, 8191, ['10.0.0.1', 7000, 'id', []], [null, 7003, 'id']],
      [8192, 16383, ['', 7001, 'id'], ['10.0.0.1', 7000, 'id']],
    ];
    expect(addressesIn(slots, 'h:1')).toEqual(['10.0.0.1:7000', 'h:7003', 'h:7001']);
  });

  it('RT-173: any other reply, names none', () => {
    fc.assert(
      fc.property(fc.anything(), (reply) => {
        expect(addressesIn(reply, 'h:1').every((address) => /:-?\d+$/.test(address))).toBe(true);
      }),
    );
    expect([addressesIn('x', 'h:1'), addressesIn([[1, 2, 'x'], 3], 'h:1')]).toEqual([[], []]);
  });
});
