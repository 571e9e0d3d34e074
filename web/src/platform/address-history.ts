/** The browser's history. */
import type { AddressHistory } from '../route/router.js';

export const addressHistory: AddressHistory = {
  location: () => window.location,
  push: (address) => window.history.pushState(null, '', address),
  replace: (address) => window.history.replaceState(window.history.state, '', address),
  onPop(listener) {
    window.addEventListener('popstate', listener);
    return () => window.removeEventListener('popstate', listener);
  },
};
