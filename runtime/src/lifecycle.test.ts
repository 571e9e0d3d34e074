import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.js';

describe('lifecycle', () => {
  it('RT-23: at stop, what started last is released first', async () => {
    const released: string[] = [];
    const lifecycle = createLifecycle();
    lifecycle.add(() => void released.push('first'));
    const owned = lifecycle.own({ stop: async () => void released.push('second') });
    lifecycle.add(async () => void released.push('third'));
    await lifecycle.stop();
    expect(owned.stop).toBeTypeOf('function');
    expect(released).toEqual(['third', 'second', 'first']);
  });

  it('RT-24: releases that fail, do not keep others from running, and the first failure is reported', async () => {
    const released: string[] = [];
    const lifecycle = createLifecycle();
    lifecycle.add(() => void released.push('first'));
    lifecycle.add(() => {
      throw new Error('second failure');
    });
    lifecycle.add(() => Promise.reject(new Error('first failure')));
    await expect(lifecycle.stop()).rejects.toThrow('first failure');
    expect(released).toEqual(['first']);
  });

  it('RT-25: stop called twice, releases once, and both calls end alike', async () => {
    let releases = 0;
    const lifecycle = createLifecycle();
    lifecycle.add(() => {
      releases += 1;
    });
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(releases).toBe(1);
  });

  it('RT-26: something added while stopping, is released, too', async () => {
    const released: string[] = [];
    const lifecycle = createLifecycle();
    lifecycle.add(() => lifecycle.add(() => void released.push('late')));
    await lifecycle.stop();
    expect(released).toEqual(['late']);
  });
});
