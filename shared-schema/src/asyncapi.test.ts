import { describe, expect, it } from 'vitest';
import { deriveAsyncApi } from './asyncapi.js';
import { CLIENT_DATA_SCHEMAS, FEED_DATA_SCHEMAS } from './feed.js';
import { BUS_DATA_SCHEMAS } from './messages.js';
import { CLOSE_CODES, REFUSALS } from './names.js';
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

  it('SS-64: codes and limits of the feed, each is in it', () => {
    const feed = document.channels['feed'] as {
      'x-close-codes': { code: number }[];
      'x-refusals': { status: number; error: string }[];
      'x-client-limits': Record<string, number>;
    };
    expect(feed['x-close-codes'].map(({ code }) => code)).toEqual(Object.values(CLOSE_CODES));
    const refusals = Object.fromEntries(feed['x-refusals'].map(({ error, status }) => [error, status]));
    expect(refusals).toEqual({ ...REFUSALS, bad_request: 400, method_not_allowed: 405 });
    expect(Object.values(feed['x-client-limits'])).toEqual([4096, 20, 10]);
  });

  it.each([{ rate: 1.5 }, { rate: 0 }, { rate: '5' }, { topics: [] }, { host: [] }, { container: '' }])(
    'SS-65: subscribe with %j, the schema refuses it',
    (data) => {
      expect(parseClientMessage(JSON.stringify({ type: 'subscribe', data })).ok).toBe(false);
    },
  );
});

function namesOf(operation: Readonly<Record<string, unknown>> | undefined): (string | undefined)[] {
  const messages = operation?.['messages'] as { $ref: string }[];
  return messages.map(({ $ref }) => $ref.split('/').at(-1));
}

function resolve(value: unknown, [first, ...rest]: string[]): unknown {
  if (first === undefined || typeof value !== 'object' || value === null) return value;
  return resolve((value as Record<string, unknown>)[first], rest);
}
