export { type EngineChoice, pickEngine } from './engine-choice.js';
export { createGatewayHost, type GatewayHostOptions } from './gateway-host.js';
export { type GatewaySettings, gatewaySettings } from './settings.js';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.js';
export { type LoadedUws, loadUws } from './uws-module.js';
