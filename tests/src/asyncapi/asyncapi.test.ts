/** The document as a gateway serves it, judged by the official schema of AsyncAPI. */
import specs from '@asyncapi/specs';
import { deriveAsyncApi } from '@pulsewire/shared-schema/asyncapi';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { runGateway } from '../gateway/support/gateway.js';

/** The schema of the specification names formats, such as URI references, that Ajv leaves to others. */
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const isAsyncApi = ajv.compile(specs.schemasWithoutId['3.0.0'] as AnySchemaObject);

describe('AsyncAPI', () => {
  it('GW-100: asked without a key, the document of this version', async () => {
    const gateway = await runGateway();
    const response = await fetch(`http://127.0.0.1:${gateway.port}/api/asyncapi.json`);
    const document = (await response.json()) as ReturnType<typeof deriveAsyncApi>;
    await gateway.stop();
    expect(response.status).toBe(200);
    expect(document).toEqual(deriveAsyncApi(String(document.info['version'])));
  });

  it('SS-63: the document, valid', () => {
    isAsyncApi(deriveAsyncApi('1.2.3'));
    expect(isAsyncApi.errors ?? []).toEqual([]);
  });

  it('SS-63: a document with an operation that neither sends nor receives, not valid', () => {
    const document = deriveAsyncApi('1.2.3');
    const shouts = { ...document.operations['answerPing'], action: 'shout' };
    expect(isAsyncApi({ ...document, operations: { shouts } })).toBe(false);
  });
});
