export { type SentinelSettings, sentinelSettings } from './settings.js';
export { type SentinelOptions, startSentinel } from './start-sentinel.js';
