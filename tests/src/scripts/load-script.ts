/** Scripts are plain JavaScript outside every TypeScript project; tests say what they expect of them. */
export async function loadScript<T>(name: string): Promise<T> {
  return (await import(new URL(`../../../scripts/${name}`, import.meta.url).href)) as T;
}
