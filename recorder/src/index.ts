export { type RecorderSettings, recorderSettings } from './settings.js';
