import type { Spec } from '../../model/json.ts';

const chance = (description: string): Spec => ({ description, type: 'string', examples: ['1%', '0.1%'] });

/** What is done to packets, word by word. */
export const impairmentSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    delay: { description: 'How long each packet waits.', type: 'string', examples: ['20ms', '500us', '1s'] },
    jitter: { description: 'By how much the delay varies, either way.', type: 'string', examples: ['2ms'] },
    loss: chance('How many packets are dropped.'),
    duplicate: chance('How many packets leave twice.'),
    corrupt: chance('How many packets leave with a wrong bit.'),
    reorder: chance('How many packets leave at once, before those that wait.'),
    rate: {
      description: 'How much leaves at most; bursts of up to 10 ms pass at once.',
      type: 'string',
      examples: ['10mbit', '64kbit', '1gbit'],
    },
  },
};

const reference = (description: string): Spec => ({
  description,
  $ref: '#/definitions/impairment',
  examples: [{ delay: '20ms', jitter: '2ms', loss: '1%' }, { rate: '10mbit' }],
});

export const interfaceImpairSchema = reference(
  'Makes a bad line of a good one: delay, loss and the like for what leaves this interface.',
);

export const cableImpairSchema = reference('Makes a bad line of a good one: the same for both directions.');
