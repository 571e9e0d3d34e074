/** The page's title: how many alerts are firing, before the name, as browser tabs cut the end off. */
export function deriveTitle(firingCount: number, name: string): string {
  return firingCount === 0 ? name : `(${firingCount}) ${name}`;
}
