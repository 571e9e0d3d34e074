/** A real browser for tests: headless Chromium, whichever this machine has. */
import { type Browser, chromium } from 'playwright-core';
import { findRequirements } from './requirements.js';

/** As root Chromium needs `--no-sandbox`; the other flags keep it from talking to the outside. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
];

/** Starts Chromium (TEST_CHROMIUM, or the one found). The caller closes it; it ends with the test process. */
export async function launchChromium(): Promise<Browser> {
  const state = findRequirements(process.env).chromium;
  if ('missing' in state) throw new Error(state.missing);
  return chromium.launch({ executablePath: state.found, headless: true, args: CHROMIUM_FLAGS });
}
