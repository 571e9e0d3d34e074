/** `#key=…` in the address hands a key to the page; fragments are never sent to a server. */

/** The key of a fragment and the fragment without it, or `null` when it carries none. Never throws. */
export function takeFragmentKey(hash: string): { key: string; rest: string } | null {
  const fields = hash.replace(/^#/, '').split('&').filter(Boolean);
  const keyField = fields.find((field) => field.startsWith('key='));
  if (keyField === undefined) return null;
  const key = decode(keyField.slice('key='.length)).trim();
  if (key === '') return null;
  const others = fields.filter((field) => !field.startsWith('key='));
  return { key, rest: others.length === 0 ? '' : `#${others.join('&')}` };
}

/** Percent-encoding undone where it is valid; a `+` stays a plus, as keys may hold one. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
