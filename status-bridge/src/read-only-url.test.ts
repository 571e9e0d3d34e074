import { describe, expect, it } from 'vitest';
import { readOnlyUrl } from './read-only-url.js';

const optionsOf = (url: string) => new URL(readOnlyUrl(url)).searchParams.get('options');

describe('read-only address', () => {
  it('SB-40: an address, its sessions are read-only', () => {
    expect(optionsOf('postgresql://me:p%40ss@db/pulsewire')).toBe('-c default_transaction_read_only=on');
  });

  it('SB-40: options of its own, kept and overruled', () => {
    expect(optionsOf('postgresql://db/x?options=-c%20default_transaction_read_only%3Doff')).toBe(
      '-c default_transaction_read_only=off -c default_transaction_read_only=on',
    );
  });

  it('SB-40: the rest of the address, as it was', () => {
    expect(readOnlyUrl('postgresql://me:p%40s%2Bs@db:5433/x?sslmode=require')).toMatch(
      /^postgresql:\/\/me:p%40s%2Bs@db:5433\/x\?sslmode=require&options=/,
    );
  });
});
