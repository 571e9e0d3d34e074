import { StoreError } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './ask-outcome.js';

describe('what a failed question says', () => {
  it('SB-13: a server that is gone or too slow, nothing', () => {
    expect(refusalOf(new StoreError('database_unavailable', 'gone'), 'unreachable')).toBeNull();
    expect(refusalOf(new StoreError('query_timed_out', 'slow'), null)).toBeNull();
  });

  it('SB-13: a role or password that is refused, a refusal', () => {
    expect(refusalOf(new StoreError('database_unavailable', 'no'), 'refused')).toContain('password');
  });

  it('SB-13: tables that are not there, a refusal that tells what to do', () => {
    expect(refusalOf(new StoreError('schema_missing', 'no table'), null)).toContain('recorder');
  });

  it('SB-13: anything else, a refusal that quotes nothing', () => {
    expect(refusalOf(new StoreError('query_failed', 'secret'), null)).not.toContain('secret');
    expect(refusalOf(new TypeError('secret'), null)).not.toContain('secret');
  });
});
