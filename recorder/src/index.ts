export { type RecorderSettings, recorderSettings } from './settings.js';
export { type RecorderOptions, startRecorder } from './start-recorder.js';
