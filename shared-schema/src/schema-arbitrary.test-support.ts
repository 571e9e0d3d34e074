/** For tests: generates values that a schema allows. Knows the keywords that the contract's schemas use, no more. */
import fc from 'fast-check';

interface Schema {
  type?: string;
  anyOf?: Schema[];
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Throws for a schema with a keyword combination that it does not know, so that nothing is left untested. */
export function arbitraryOf(schema: object): fc.Arbitrary<unknown> {
  const { type, anyOf, enum: words, ...rest } = schema as Schema;
  if (words !== undefined) return fc.constantFrom(...words);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(arbitraryOf));
  switch (type) {
    case 'string':
      return rest.pattern === undefined
        ? fc.string({
            minLength: rest.minLength ?? 0,
            maxLength: Math.min(rest.maxLength ?? 64, 64),
            unit: 'binary',
          })
        : fc.stringMatching(new RegExp(rest.pattern));
    case 'number':
      return fc
        .double({ min: rest.minimum ?? -1e300, max: 1e300, noNaN: true })
        .map((value) => (Object.is(value, -0) ? 0 : value));
    case 'integer':
      return fc.integer({ min: rest.minimum ?? -(2 ** 31), max: 2 ** 31 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf(rest.items ?? {}), {
        minLength: rest.minItems ?? 0,
        maxLength: Math.min(rest.maxItems ?? 8, 8),
      });
    case 'object': {
      const fields = Object.entries(rest.properties ?? {}).map(([name, field]) => [name, arbitraryOf(field)]);
      return fc.record<Record<string, unknown>>(Object.fromEntries(fields), {
        requiredKeys: rest.required ?? [],
      });
    }
    default:
      throw new Error(`no generator for the schema ${JSON.stringify(schema)}`);
  }
}
