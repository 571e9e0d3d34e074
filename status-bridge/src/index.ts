export { readOnlyUrl } from './read-only-url.js';
export { type BridgeSettings, bridgeSettings } from './settings.js';
export { type Bridge, type BridgeOptions, startBridge } from './start-bridge.js';
