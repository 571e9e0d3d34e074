/** Makes the sessions of a database address read-only, whatever its role might do. */

const READ_ONLY = '-c default_transaction_read_only=on';

export function readOnlyUrl(url: string): string {
  const changed = new URL(url);
  const given = changed.searchParams.get('options');
  changed.searchParams.set('options', given === null ? READ_ONLY : `${given} ${READ_ONLY}`);
  return changed.href;
}
