/**
 * Bytes → message or typed error. Types do not check bytes; this file does. Nothing here throws, whatever the
 * input. Unknown fields are kept and ignored; an unknown type is an error of its own code, so that a consumer
 * can count it and go on.
 */
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { describeFirstError } from './describe-error.js';
import { CLIENT_DATA_SCHEMAS, type ClientMessage, FEED_DATA_SCHEMAS, type FeedMessage } from './feed.js';
import { LIMITS } from './limits.js';
import { BUS_DATA_SCHEMAS, type BusMessage } from './messages.js';
import type { ParseErrorCode } from './names.js';
import { LOG_ID_PATTERN } from './words.js';

export interface ParseError {
  code: ParseErrorCode;
  /** What is wrong and what is allowed; never quotes more than the field's name. */
  message: string;
  /** Path of the offending field, for `invalid_field`: `data.value`. */
  field?: string;
}

export type ParseResult<T> = { ok: true; message: T } | { ok: false; error: ParseError };

type Validators = ReadonlyMap<string, Validator>;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LOG_ID = new RegExp(LOG_ID_PATTERN);
const busValidators = compileAll(BUS_DATA_SCHEMAS);
const clientValidators = compileAll(CLIENT_DATA_SCHEMAS);
const feedValidators = compileAll(FEED_DATA_SCHEMAS);

/** Parses a message of the bus. `maxBytes` counts the encoded size. */
export function parseBusMessage(
  payload: Uint8Array | string,
  maxBytes: number = LIMITS.maxPayloadBytes,
): ParseResult<BusMessage> {
  return parseEnvelope<BusMessage>(payload, maxBytes, busValidators);
}

/** Parses what a client sent. */
export function parseClientMessage(
  payload: Uint8Array | string,
  maxBytes: number = LIMITS.clientFrameBytes,
): ParseResult<ClientMessage> {
  return parseEnvelope<ClientMessage>(payload, maxBytes, clientValidators);
}

/** Parses what a gateway says about itself (`hello`, `error`, …). */
export function parseFeedMessage(
  payload: Uint8Array | string,
  maxBytes: number = LIMITS.maxPayloadBytes,
): ParseResult<FeedMessage> {
  return parseEnvelope<FeedMessage>(payload, maxBytes, feedValidators);
}

function parseEnvelope<T>(
  payload: Uint8Array | string,
  maxBytes: number,
  validators: Validators,
): ParseResult<T> {
  const size = typeof payload === 'string' ? utf8Length(payload, maxBytes) : payload.byteLength;
  if (size > maxBytes) return refuse('too_large', `larger than ${maxBytes} bytes`);
  let text: string;
  try {
    text = typeof payload === 'string' ? payload : UTF8.decode(payload);
  } catch {
    return refuse('not_utf8', 'not valid UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('not_json', 'not valid JSON');
  }
  return checkEnvelope<T>(value, validators);
}

function checkEnvelope<T>(value: unknown, validators: Validators): ParseResult<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('not_an_object', 'the message must be a JSON object { "type", "data" }');
  const { type, data, id } = value as { type?: unknown; data?: unknown; id?: unknown };
  if (typeof type !== 'string') return invalid('type', 'must be a string');
  const validator = validators.get(type);
  if (validator === undefined)
    return refuse('unknown_type', `unknown type; known are ${[...validators.keys()].join(', ')}`);
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return invalid('data', 'must be an object');
  if (id !== undefined && !(typeof id === 'string' && LOG_ID.test(id)))
    return invalid('id', 'must be a log position such as 1768624200000-0');
  if (!validator.Check(data)) {
    const { path, must } = describeFirstError(validator.Errors(data));
    return invalid(path === '' ? 'data' : `data.${path}`, must);
  }
  return { ok: true, message: value as T };
}

function refuse(code: ParseErrorCode, message: string): { ok: false; error: ParseError } {
  return { ok: false, error: { code, message } };
}

function invalid(field: string, message: string): { ok: false; error: ParseError } {
  return { ok: false, error: { code: 'invalid_field', field, message: `${field}: ${message}` } };
}

function compileAll(schemas: Record<string, TSchema>): Validators {
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, Compile(schema)]));
}

/** UTF-8 size of a string, exact only where it could matter: past the limit any larger number will do. */
function utf8Length(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  return new TextEncoder().encode(text).byteLength;
}
