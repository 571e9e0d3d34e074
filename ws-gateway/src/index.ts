export { type GatewaySettings, gatewaySettings } from './settings.js';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.js';
