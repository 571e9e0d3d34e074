/** Entry `@pulsewire/shared-schema/schemas`: the contract as JSON Schemas. */
export { CLIENT_DATA_SCHEMAS, FEED_DATA_SCHEMAS } from './feed.js';
export { BUS_DATA_SCHEMAS, BUS_MESSAGE_TYPES } from './messages.js';
