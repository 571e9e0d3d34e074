import { describe, expect, it } from 'vitest';
import { parseRedisTarget } from './redis-target.js';

describe('the Redis that a URL names', () => {
  it('RT-171: one server, is taken as it is', () => {
    const url = 'rediss://me:secret@h:1/3';
    expect(parseRedisTarget(url)).toEqual({ kind: 'server', url });
  });

  it.each([
    ['redis-cluster://a:7000,b:7001', ['redis://a:7000', 'redis://b:7001']],
    [
      'rediss-cluster://me:s%40c,ret@a, b:7001/',
      ['rediss://me:s%40c,ret@a:6379', 'rediss://me:s%40c,ret@b:7001'],
    ],
    ['redis-cluster://[::1]:7000,[::1]', ['redis://[::1]:7000', 'redis://[::1]:6379']],
  ])('RT-171: nodes of a Cluster as in %s, have scheme, account and port each', (url, nodes) => {
    const target = parseRedisTarget(url);
    if (target.kind !== 'cluster') expect.fail('a Cluster');
    expect(target.addresses.map(target.urlOf)).toEqual(nodes);
  });

  it.each([
    'redis-cluster://',
    'redis-cluster://a,',
    'redis-cluster://a,,b',
    'redis-cluster://a:99999',
    'redis-cluster://a:7000/3',
    'redis-cluster://a?x=1',
    'redis-cluster:a',
    'redis://a:7000,b:7001',
    'redis://',
    'http://secret@h',
    'redis://me:secret%@h',
    'redis://me:se%zzcret@h:1',
    'redis://h/%zz',
    'redis-cluster://me:secret%@a',
    'redis://me:7000/secret@h',
    'redis://me:7000?secret@h',
    'redis://me:7000#secret@h',
  ])('RT-171: %s, is refused without being repeated', (url) => {
    expect(() => parseRedisTarget(url)).toThrow(/must be redis:\/\/host:port, or redis-cluster/);
    expect(() => parseRedisTarget(url)).not.toThrow(/secret/);
  });
});
