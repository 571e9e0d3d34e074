import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { acceptDelivery } from './arrival.js';
import { alert, metric, status } from './testing/messages.js';

function accept(message: object) {
  const bytes = Buffer.from(JSON.stringify(message));
  const accepted = acceptDelivery({ channel: CHANNELS.metrics, id: null, bytes }, 1, 0);
  if (!accepted.ok) throw new Error(accepted.reason);
  return { bytes, ...accepted.arrival };
}

describe('an arrival', () => {
  it.each([metric(), status({ removed: true }), alert()])(
    'GW-54: $type, every field of the contract is at hand',
    (message) => {
      expect(accept(message).message).toEqual(message);
    },
  );

  it('GW-54: unknown fields at every level, only the bytes keep them', () => {
    const heavy = { anything: [[], {}] };
    const { data } = metric();
    const meta = { ...data.meta, ...heavy };
    const { message, payload, bytes } = accept({ ...metric(), data: { ...data, ...heavy, meta }, ...heavy });
    expect([message, payload]).toEqual([metric(), bytes]);
  });

  it.each(['meta', 'data'])('GW-54: unknown fields in %s alone, only the bytes keep them', (where) => {
    const { data } = metric();
    const heavy = { anything: [[], {}] };
    const more = where === 'data' ? heavy : { meta: { ...data.meta, ...heavy } };
    expect(accept({ ...metric(), data: { ...data, ...more } }).message).toEqual(metric());
  });
});
