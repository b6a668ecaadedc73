import type { Kind } from '../../model/kind.ts';
import { defineKind } from '../define.ts';
import { givenBack } from '../found.ts';
import { compileVeths } from './compile.ts';
import { describeVeth } from './describe.ts';
import { extraLinks } from './extras.ts';
import { observeVeth } from './observe.ts';
import type { VethSpec } from './spec.ts';
import { vethSteps } from './steps.ts';

const definition: Kind<VethSpec> = {
  name: 'veth',
  compile: compileVeths,
  wants: ({ spec }) => ({ netns: spec.ends.map((end) => end.netns).filter((netns) => netns !== '') }),
  observe: observeVeth,
  immutable: ['ends'],
  steps: vethSteps,
  describe: describeVeth,
  released: givenBack,
  places: ({ ends }) => ends.flatMap(({ netns, name }) => (name === '' ? [] : [`${netns}/${name}`])),
  canMake: ({ ends }) => ends.every(({ name }) => name !== ''),
  extras: extraLinks,
};

/** A cable: a veth pair with both its ends, each a port of a bridge or an interface of its own. */
export const veth = defineKind(definition);
