/** What the process behind this page says of itself. */

/** The body of `/readyz`, which has one with 503, too; `null` when there is none. Never rejects. */
export async function fetchReadiness(): Promise<unknown> {
  try {
    const answer = await fetch('/readyz', { cache: 'no-store' });
    return await answer.json();
  } catch {
    return null;
  }
}
