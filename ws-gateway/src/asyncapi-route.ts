/** Serves the AsyncAPI document of the stream. */
import { type RequestHandler, sendJson } from '@pulsewire/runtime';
import { type AsyncApiDocument, deriveAsyncApi } from '@pulsewire/shared-schema/asyncapi';
import { gatewayVersion } from './version.js';

/** The document is made when it is first asked for: few ever ask. */
export function createAsyncApiRoute(): RequestHandler {
  let document: AsyncApiDocument | undefined;
  return (_request, response) => {
    document ??= deriveAsyncApi(gatewayVersion());
    sendJson(response, 200, document);
  };
}
