import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.js';

const LOCAL = { feedUrl: 'ws://127.0.0.1:8080/api/system/ws', key: null, local: true };

describe('command line', () => {
  it('CL-3: tail without address, the local gateway', () => {
    expect(parseCommandLine(['tail'])).toEqual({
      name: 'tail',
      target: LOCAL,
      key: null,
      keyFile: null,
      after: null,
      selection: {},
    });
  });

  it('CL-11: every option, all of them in the selection', () => {
    const args = 'tail --topics alerts,metrics --metric-type cpu --metric-type mem --host a --container b,c';
    const command = parseCommandLine([...args.split(' '), '--rate', '5', '--after', '17-0', 'ws://x/']);
    expect(command).toMatchObject({
      after: '17-0',
      selection: {
        topics: ['alerts', 'metrics'],
        metricTypes: ['cpu', 'mem'],
        hosts: ['a'],
        containers: ['b', 'c'],
        rate: 5,
      },
    });
  });

  it.each([
    [['listen'], 'listen'],
    [['tail', '--topics', 'weather'], 'weather'],
    [['tail', '--host', 'a,,b'], '--host'],
    [['tail', '--rate', '0'], '--rate'],
    [['tail', '--rate', '1.5'], '--rate'],
    [['tail', '--after', 'yesterday'], '--after'],
    [['tail', '--colour'], '--colour'],
    [['tail', '--key'], '--key'],
    [['tail', '--key', 'a', '--key-file', 'b'], '--key-file'],
    [['tail', 'localhost:8080'], 'localhost:8080'],
    [['tail', 'ws://a', 'ws://b'], 'one address'],
    [['conform', '--redis-url', 'http://a'], '--redis-url must start'],
    [['conform', '--rate', '1'], '--rate'],
  ])('CL-2: %j, a sentence that names the mistake', (args, named) => {
    expect(parseCommandLine(args)).toEqual({ name: 'misuse', message: expect.stringContaining(named) });
  });

  it('CL-20: conform with everything, all of it in the command', () => {
    const args = 'conform ws://x/ --long --only GW-40,GW-50 --redis-url redis://r --key-file k';
    expect(parseCommandLine(args.split(' '))).toEqual({
      name: 'conform',
      target: { feedUrl: 'ws://x/api/system/ws', key: null, local: false },
      key: null,
      keyFile: 'k',
      long: true,
      only: ['GW-40', 'GW-50'],
      redisUrl: 'redis://r',
    });
  });

  it('CL-20: conform on a Cluster, its nodes in the command', () => {
    const given = 'redis-cluster://me:secret@a:7000,b:7001';
    expect(parseCommandLine(['conform', '--redis-url', given])).toMatchObject({ redisUrl: given });
  });

  it('CL-2: any words, a command and no throw', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(parseCommandLine(['tail', ...words]).name).toMatch(/^(tail|help|misuse)$/);
      }),
    );
  });
});
