import type { Spec } from '../../model/json.ts';
import { LABELS_SCHEMA } from '../schema-fragments.ts';

/** What one label must be. */
const condition: Spec = {
  type: ['string', 'array', 'object'],
  items: { type: 'string' },
  minItems: 1,
  additionalProperties: false,
  properties: {
    not: {
      description: 'Any text but this one, or these; a missing label is right, too.',
      type: ['string', 'array'],
      items: { type: 'string' },
      minItems: 1,
      examples: ['db', ['db', 'cache']],
    },
    exists: { description: 'Whether the label is there.', type: 'boolean', examples: [true] },
  },
};

const selector: Spec = {
  propertyNames: LABELS_SCHEMA,
  additionalProperties: { $ref: '#/definitions/labelCondition' },
  properties: {
    project: {
      description: 'Where to look: a project, a list of them, labels that projects have, or `any`.',
      type: ['string', 'array', 'object'],
      items: { type: 'string' },
      minItems: 1,
      propertyNames: LABELS_SCHEMA,
      additionalProperties: { $ref: '#/definitions/labelCondition' },
      examples: ['prod', ['prod', 'test'], { team: 'a' }],
    },
  },
};

const EXAMPLES = ['web', { app: 'db' }, { project: 'prod', app: ['db', 'cache'] }];

/** What stands in lists of namespaces: names, and maps that select some by their labels. */
export const selectorDefinitions: Spec = {
  labelCondition: condition,
  selector: { type: 'object', ...selector, examples: EXAMPLES.slice(1) },
  nameOrSelector: { type: ['string', 'object'], ...selector, examples: EXAMPLES },
  namesOrSelectors: {
    type: ['string', 'object', 'array'],
    ...selector,
    items: { $ref: '#/definitions/nameOrSelector' },
    minItems: 1,
    examples: [...EXAMPLES, ['web', { app: 'db' }]],
  },
};
