export { type ApiSettings, apiSettings } from './settings.js';
export { type Api, type ApiOptions, startApi } from './start-api.js';
