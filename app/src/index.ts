export { type AppSettings, appSettings } from './app-settings.js';
export { APP_ERRORS, AppError, type AppErrorCode } from './errors.js';
export { type App, startApp } from './start-app.js';
