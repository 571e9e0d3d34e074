import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useApp } from '../app-context.js';
import { Resource, type ResourceOptions, type ResourceView } from './resource.js';

interface UseResourceOptions<T> extends Omit<ResourceOptions<T>, 'clock'> {
  /** Another question when this is another text. */
  readonly key: string;
}

export interface UsedResource<T> extends ResourceView<T> {
  readonly askNow: () => void;
  /** True while `data` is the answer to an earlier question. */
  readonly isOlder: boolean;
}

/** The answer to a question; while another one is on its way, the answer before it. */
export function useResource<T>({ key, load, refreshMs }: UseResourceOptions<T>): UsedResource<T> {
  const { clock } = useApp();
  // What is asked is told by the key; the functions of the last drawing belong to it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const resource = useMemo(() => new Resource<T>({ clock, load, refreshMs }), [clock, key]);
  const view = useSyncExternalStore(resource.subscribe, resource.view);
  const before = useRef<ResourceView<T> | null>(null);
  useEffect(() => {
    if (view.data !== null) before.current = view;
  }, [view]);
  const isOlder = view.data === null && before.current !== null;
  const shown = isOlder
    ? { ...view, data: before.current?.data ?? null, atMs: before.current?.atMs ?? null }
    : view;
  return { ...shown, askNow: resource.askNow, isOlder };
}
