/**
 * `LOG_CONTAINERS`: names of containers, separated by commas; `*` stands for any characters, `!` in front excludes.
 * `*,!noisy-*` is all but those; only exclusions mean all others. `none` alone turns the channel off.
 */

export interface ContainerFilter {
  /** False: nothing at all is published, our own lines included. */
  readonly enabled: boolean;
  includes(name: string): boolean;
}

const PATTERN = /^!?[\p{L}\p{N}_.*-]{1,256}$/u;

/** Throws an `Error` that tells the fix. */
export function parseContainerFilter(raw: string | undefined): ContainerFilter {
  const parts = (raw ?? '*').split(',').map((part) => part.trim());
  if (parts.length === 1 && parts[0] === 'none') return { enabled: false, includes: () => false };
  const bad = parts.find((part) => !PATTERN.test(part));
  if (bad !== undefined)
    throw new Error(`must be names of containers, such as *,!noisy-*, or none; not ${JSON.stringify(bad)}`);
  const excluded = parts.filter((part) => part.startsWith('!')).map((part) => toPattern(part.slice(1)));
  const named = parts.filter((part) => !part.startsWith('!')).map(toPattern);
  const included = named.length === 0 ? [toPattern('*')] : named;
  return {
    enabled: true,
    includes: (name) =>
      included.some((pattern) => pattern.test(name)) && !excluded.some((pattern) => pattern.test(name)),
  };
}

function toPattern(text: string): RegExp {
  const source = text.split('*').map((part) => part.replace(/[.-]/g, String.raw`\$&`));
  return new RegExp(`^${source.join('[^]*')}$`);
}
