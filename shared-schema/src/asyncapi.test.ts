import { describe, expect, it } from 'vitest';
import { deriveAsyncApi } from './asyncapi.js';
import { CLIENT_DATA_SCHEMAS, FEED_DATA_SCHEMAS } from './feed.js';
import { BUS_DATA_SCHEMAS } from './messages.js';
import { parseBusMessage, parseClientMessage, parseFeedMessage } from './parse.js';

const document = deriveAsyncApi('1.2.3');
const PARSERS = [
  ...Object.keys(BUS_DATA_SCHEMAS).map((type) => [type, parseBusMessage] as const),
  ...Object.keys(FEED_DATA_SCHEMAS).map((type) => [type, parseFeedMessage] as const),
  ...Object.keys(CLIENT_DATA_SCHEMAS).map((type) => [type, parseClientMessage] as const),
];

describe('AsyncAPI document', () => {
  it('SS-60: every message type, has a schema that is the one that checks it', () => {
    const schemas = { ...BUS_DATA_SCHEMAS, ...FEED_DATA_SCHEMAS, ...CLIENT_DATA_SCHEMAS };
    expect(document.components.schemas).toEqual(JSON.parse(JSON.stringify(schemas)));
    expect(Object.keys(document.components.messages)).toEqual(Object.keys(schemas));
  });

  it.each(PARSERS)('SS-61: example of %s, the parser takes it', (type, parse) => {
    const examples = document.components.messages[type]?.['examples'] as { payload: unknown }[];
    expect(examples.map(({ payload }) => parse(JSON.stringify(payload)).ok)).toEqual([true]);
  });

  it('SS-62: every reference, leads to something', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const lost = references.filter((path) => resolve(document, path.split('/')) === undefined);
    expect(lost).toEqual([]);
    expect(references.length).toBeGreaterThan(50);
  });

  it('SS-62: each way of the feed, carries exactly the messages of that way', () => {
    const { sendToClient, answerPing, changeSelection } = document.operations;
    const sent = Object.keys({ ...BUS_DATA_SCHEMAS, ...FEED_DATA_SCHEMAS });
    expect(namesOf(sendToClient)).toEqual(sent);
    expect([...namesOf(answerPing), ...namesOf(changeSelection)]).toEqual(Object.keys(CLIENT_DATA_SCHEMAS));
  });
});

function namesOf(operation: Readonly<Record<string, unknown>> | undefined): (string | undefined)[] {
  const messages = operation?.['messages'] as { $ref: string }[];
  return messages.map(({ $ref }) => $ref.split('/').at(-1));
}

function resolve(value: unknown, [first, ...rest]: string[]): unknown {
  if (first === undefined || typeof value !== 'object' || value === null) return value;
  return resolve((value as Record<string, unknown>)[first], rest);
}
