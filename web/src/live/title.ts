/** The page's title: how many alerts are firing before everything, as browser tabs cut the end off. */
export function deriveTitle(firingCount: number, page: string | null, name: string): string {
  const shown = page === null ? name : `${page} · ${name}`;
  return firingCount === 0 ? shown : `(${firingCount}) ${shown}`;
}
