import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.js';
import type { Route } from './routes.js';

export function useRoute(): Route {
  const { router } = useApp();
  return useSyncExternalStore(router.subscribe, router.view);
}
