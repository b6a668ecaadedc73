import type { Spec } from '../model/json.ts';

/** Keys of a map that are names which the user gives, or stand for several: `pc-{1..3}`, `gw-${site}`. */
export const NAMES_SCHEMA: Spec = { pattern: '^(?:[A-Za-z][A-Za-z0-9_.-]{0,62}|.*[{].*)$' };

/** Names of labels, as Kubernetes has them. */
export const LABELS_SCHEMA: Spec = { pattern: '^(?:[a-z0-9][a-z0-9.-]*/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$' };

/** One text, or a list of them: where one fits, a list fits. */
export const TEXTS_SCHEMA: Spec = { type: ['string', 'array'], items: { type: 'string' }, minItems: 1 };

/** One name or selector of namespaces, or a list of them. */
export const NAMES_OR_SELECTORS_SCHEMA: Spec = { $ref: '#/definitions/namesOrSelectors' };

/** One name or selector of namespaces. */
export const NAME_OR_SELECTOR_SCHEMA: Spec = { $ref: '#/definitions/nameOrSelector' };

/** Bytes of a packet on a link; the range is that of veth (68 to 65535). */
export const MTU_SCHEMA: Spec = { type: 'integer', minimum: 68, maximum: 65535, examples: [1400] };

export const LINK_STATE_SCHEMA: Spec = {
  description: 'Whether the link is set up. A link that is down carries nothing and loses its routes.',
  type: 'string',
  enum: ['up', 'down'],
  default: 'up',
  examples: ['down'],
};

export const MAC_SCHEMA: Spec = {
  description:
    'The MAC address, quoted. Without it a stable one is derived from the lab and the name of the interface.',
  type: 'string',
  examples: ['02:00:00:00:00:01'],
};

/** A routing table by number, or one of the three that have a name. */
export const ROUTING_TABLE_SCHEMA: Spec = {
  type: ['integer', 'string'],
  minimum: 1,
  maximum: 4294967295,
  examples: [100, 'main'],
};

/** A list of entries that are described under `definitions`. */
export const listSchema = (definition: string): Spec => ({
  type: 'array',
  items: { $ref: `#/definitions/${definition}` },
});

/** A map of names to things that are described under `definitions`. */
export const mapSchema = (definition: string): Spec => ({
  type: 'object',
  propertyNames: NAMES_SCHEMA,
  additionalProperties: { $ref: `#/definitions/${definition}` },
});

/** One address of a link: a text, or a map with the other end of a point-to-point link. */
export const ADDRESS_SCHEMA: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['address', 'peer'],
  properties: {
    address: {
      description: 'The own address of this end, without a prefix length.',
      type: 'string',
      examples: ['10.0.0.1'],
    },
    peer: {
      description:
        'The address of the other end. With a prefix length, that of the network which is reached through it.',
      type: 'string',
      examples: ['10.0.0.2', 'fd00::2', '10.0.0.2/24'],
    },
  },
};

/** One address of a link, or a list of them. */
export const ADDRESSES_SCHEMA: Spec = {
  ...ADDRESS_SCHEMA,
  type: ['string', 'object', 'array'],
  items: ADDRESS_SCHEMA,
  minItems: 1,
};
