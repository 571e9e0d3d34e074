/** The command as it is installed, against a gateway of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@pulsewire/runtime';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY, type RunningOnMemoryBus, runOnMemoryBus, WRONG_KEY } from '../gateway/support/gateway.js';
import { SPECIFICATION_SAMPLES } from '../gateway/support/samples.js';
import { builtEntry, REPOSITORY_ROOT } from '../support/built-entry.js';
import { freePort } from '../support/free-port.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { within } from '../support/within.js';
import { startRelay } from './relay.js';

const COMMAND = join(REPOSITORY_ROOT, 'app', 'bin', 'pulsewire.mjs');
const run = (args: string[], env: Record<string, string> = {}) =>
  startProcess(process.execPath, [COMMAND, ...args], env, { cwd: REPOSITORY_ROOT });

function sample(value: number, metricType = 'cpu'): BusMessage {
  const time = new Date().toISOString();
  const meta = { unit: 'percent', host: 'alpha' };
  return { type: 'system_metric', data: { time, metric_type: metricType, value, source: 'host', meta } };
}

function valuesOf(tail: TestProcess): number[] {
  const lines = tail.output().split('\n');
  return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).data.value as number] : []));
}

describe('the command', () => {
  it('CL-1: --version, the version and exit code 0', async () => {
    const version = await run(['--version']);
    expect(await version.exited).toEqual({ code: 0, signal: null });
    expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('CL-1: --help, every command is named', async () => {
    const help = await run(['--help']);
    await help.exited;
    expect(help.output()).toContain('pulsewire tail');
  });

  it('CL-2: unknown command, one sentence and exit code 2', async () => {
    const misuse = await run(['listen']);
    expect(await misuse.exited).toEqual({ code: 2, signal: null });
    expect(misuse.output()).toBe('pulsewire: there is no command "listen"; see pulsewire --help\n');
  });
});

describe('tail', () => {
  let gateway: RunningOnMemoryBus;
  let tail: TestProcess | undefined;
  beforeEach(async () => {
    gateway = await runOnMemoryBus();
  });
  afterEach(async () => {
    await tail?.stop();
    await gateway.stop();
  });

  async function start(args: string[] = [], port = gateway.port): Promise<TestProcess> {
    tail = await run(['tail', `http://127.0.0.1:${port}`, ...args], { PULSEWIRE_KEY: KEY });
    await tail.line(/^pulsewire: live$/);
    return tail;
  }

  it('CL-10: sample of a foreign producer, its bytes in one line', async () => {
    const running = await start();
    const [bytes] = SPECIFICATION_SAMPLES;
    gateway.bus.publishForeign(CHANNELS.metrics, Buffer.from(bytes));
    const [line] = await running.line(/^\{.*$/);
    expect(line).toBe(bytes.replaceAll('\n', ' '));
  });

  it('CL-11: metric type chosen, nothing else is printed', async () => {
    const running = await start(['--topics', 'metrics', '--metric-type', 'mem']);
    gateway.bus.publish(CHANNELS.metrics, sample(1, 'cpu'));
    gateway.bus.publish(CHANNELS.metrics, sample(2, 'mem'));
    await running.line(/"value":2/);
    expect(valuesOf(running)).toEqual([2]);
  });

  it('CL-12: a run, the key is nowhere in what it wrote', async () => {
    const running = await start(['--key', KEY]);
    gateway.bus.publish(CHANNELS.metrics, sample(3));
    await running.line(/"value":3/);
    expect(running.output()).not.toContain(KEY);
  });

  it('CL-12: nothing at the address, what the system says of it is told', async () => {
    tail = await run(['tail', `http://127.0.0.1:${await freePort()}`], { PULSEWIRE_KEY: KEY });
    await tail.line(/disconnected: network_error \(connect ECONNREFUSED 127\.0\.0\.1:\d+\); attempt 1/);
  });

  it('CL-13: connection cut, goes on behind the last message without loss or doubles', async () => {
    const relay = await startRelay(gateway.port);
    const running = await start([], relay.port);
    gateway.bus.publish(CHANNELS.metrics, sample(1));
    await running.line(/"value":1[,}]/);
    relay.cut();
    await running.line(/disconnected: network_error/);
    for (const value of [2, 3, 4]) gateway.bus.publish(CHANNELS.metrics, sample(value));
    await running.line(/"value":4[,}]/);
    await running.stop();
    await relay.stop();
    expect(valuesOf(running)).toEqual([1, 2, 3, 4]);
  });

  it('CL-14: SIGINT, exit code 0', async () => {
    const running = await start();
    expect(await running.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });

  it('CL-14: reader went away, exit code 0', async () => {
    const words = `set -o pipefail; "${process.execPath}" "${builtEntry('app')}" tail ${gateway.url()} | head -n 1`;
    tail = await startProcess('bash', ['-c', words]);
    await tail.line(/^pulsewire: live$/);
    gateway.bus.publish(CHANNELS.metrics, sample(1));
    await tail.line(/"value":1/);
    // Only a write tells that the reader is gone.
    const refill = systemClock.every(50, () => gateway.bus.publish(CHANNELS.metrics, sample(2)));
    expect(await within(tail.exited, 10_000, 'the end of the pipe')).toEqual({ code: 0, signal: null });
    refill();
  });

  it('CL-16: option that the gateway does not take, what it says of it and exit code 2', async () => {
    tail = await run(['tail', gateway.url('topics=weather')], { PULSEWIRE_KEY: KEY });
    expect(await tail.exited).toEqual({ code: 2, signal: null });
    expect(tail.output()).toMatch(/^pulsewire: the gateway does not take these options: topics: [^\n]+\n$/);
  });

  it.runIf(existsSync('/dev/full'))('CL-17: disk that is full, the reason and exit code 1', async () => {
    const words = `exec "${process.execPath}" "${builtEntry('app')}" tail ${gateway.url()} >/dev/full`;
    tail = await startProcess('bash', ['-c', words]);
    await tail.line(/^pulsewire: live$/);
    gateway.bus.publish(CHANNELS.metrics, sample(1));
    expect(await tail.exited).toEqual({ code: 1, signal: null });
    expect(tail.output()).toMatch(/^pulsewire: messages cannot be written: .*ENOSPC/m);
  });

  it('CL-15: wrong key, the reason and exit code 1', async () => {
    tail = await run(['tail', `http://127.0.0.1:${gateway.port}`], { PULSEWIRE_KEY: WRONG_KEY });
    expect(await tail.exited).toEqual({ code: 1, signal: null });
    expect(tail.output()).toContain('rejected: 401');
  });
});
