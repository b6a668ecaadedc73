import type { Spec } from '../../model/json.ts';
import type { LinkField, LinkFields, LinkKind } from '../../model/link-kind.ts';
import { NAMES_OR_SELECTORS_SCHEMA, TEXTS_SCHEMA } from '../schema-fragments.ts';

/** The JSON Schema of a kind's options, under `definitions`. */
export function linkOptionsSchema({ fields, shorthand }: LinkKind): Spec {
  const alone = shorthand === undefined ? undefined : fields[shorthand];
  if (alone) return fieldSchema(alone);
  const required = Object.keys(fields).filter((key) => fields[key]?.required);
  return {
    type: ['object', 'null'],
    additionalProperties: false,
    ...(required.length > 0 ? { type: 'object', required } : {}),
    properties: linkFieldSchemas(fields),
  };
}

/** What stands at an interface: the kind's name with its options. */
export const linkReferenceSchema = ({ name, explain, docs }: LinkKind): Spec => ({
  description: explain,
  $ref: `#/definitions/${name}`,
  ...(docs ? { examples: docs.short } : {}),
});

/** The properties that fields become. */
export const linkFieldSchemas = (fields: LinkFields): Spec =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldSchema(field)]));

function fieldSchema({ description, examples, ...field }: LinkField): Spec {
  switch (field.type) {
    case 'integer': {
      const { minimum, maximum } = field;
      return { description, type: 'integer', minimum, maximum, ...defaultOf(field), examples };
    }
    case 'duration': {
      const { minimum, maximum } = field;
      return { description, type: ['integer', 'string'], minimum, maximum, default: field.default, examples };
    }
    case 'milliseconds':
      return { description, type: 'string', default: `${field.default}ms`, examples };
    case 'ports':
      return { description, ...TEXTS_SCHEMA, examples };
    case 'flag':
      return { description, type: 'boolean', default: field.default, examples };
    case 'feature':
      return { description, ...field.schema, examples };
    case 'choice':
      return { description, type: 'string', enum: field.values, default: field.default, examples };
    case 'account':
      return {
        description,
        type: ['string', 'integer'],
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?$',
        minimum: 0,
        examples,
      };
    case 'target':
      return { description, ...(field.list ? NAMES_OR_SELECTORS_SCHEMA : { type: 'string' }), examples };
    default:
      return { description, type: 'string', examples };
  }
}

const defaultOf = (field: { readonly default?: number }): Spec =>
  field.default === undefined ? {} : { default: field.default };
