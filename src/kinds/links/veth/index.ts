import type { Kind } from '../../../model/kind.ts';
import { defineKind } from '../../define-kind.ts';
import { disruptionOf, worstDisruption } from '../../disruption.ts';
import { restoreOriginal } from '../../observation.ts';
import { defineLinkKind } from '../define-link-kind.ts';
import { hostLinkClaims } from '../host-link-claims.ts';
import { aliasInstruction } from '../link-attributes.ts';
import { linkEndDisruption } from '../link-disruption.ts';
import { lossQuery } from '../link-losses.ts';
import { keptPortSettings } from '../port-settings.ts';
import { compileVeths } from './compile.ts';
import { describeVeth } from './describe.ts';
import { portsUpInstructions, vethInstructions, withPortsDown } from './instructions.ts';
import { vethCodec } from './netlink.ts';
import { observeVeth } from './observe.ts';
import { VETH_MARK_FIELDS, type VethSpec } from './spec.ts';
import { findAttachedLinks, findLinkSettings, findUnmanagedLinks } from './unmanaged.ts';

const resource: Kind<VethSpec> = {
  name: 'veth',
  compile: compileVeths,
  query: ({ spec }, context) =>
    spec.ends.flatMap(({ netns }) =>
      netns === '' ? [] : [{ need: 'namespace', netns }, ...lossQuery(context, netns)],
    ),
  observe: observeVeth,
  immutable: ['ends'],
  markFields: VETH_MARK_FIELDS,
  instructions: vethInstructions,
  lastInstructions: portsUpInstructions,
  beforeLast: withPortsDown,
  describe: describeVeth,
  disrupts: disruptionOf((before, after) =>
    worstDisruption([linkEndDisruption(before.near, after.near), linkEndDisruption(before.far, after.far)]),
  ),
  restoreTo: restoreOriginal,
  claims: ({ ends }) => ends.flatMap(({ netns, name }) => (name === '' ? [] : [`${netns}/${name}`])),
  keptSettings: ({ spec: { ends, ...spec }, unspecified }) =>
    new Map(
      (['near', 'far'] as const).map((side, i) => {
        const { netns = '', name = '' } = ends[i] ?? {};
        return [`${netns}/${name}`, keptPortSettings(spec[side], unspecified, [side])] as const;
      }),
    ),
  remark: (spec, context) => ({
    set: spec.ends.flatMap((end, i) => {
      const settings = i === 0 ? spec.near : spec.far;
      return end.name === '' || settings.former ? [] : [aliasInstruction({ ...end, label: settings.label }, context)];
    }),
  }),
  exclusive: ({ ends }) => hostLinkClaims(ends.map(({ netns, name }) => `${netns}/${name}`)),
  isCreatable: ({ ends }) => ends.every(({ name }) => name !== ''),
  findUnmanaged: findUnmanagedLinks,
  findAttached: findAttachedLinks,
  findSettings: findLinkSettings,
};

/** A cable: a veth pair with both its ends, each a port of a bridge or an interface of its own. */
export const veth = defineLinkKind(
  {
    name: 'veth',
    phrase: 'a veth',
    section: 'links',
    explain: '',
    fields: {},
    docs: null,
    lower: null,
    segment: null,
    overhead: () => 0,
    caption: () => '',
    immutable: [],
    unlike: null,
    netlink: vethCodec,
    shell: () => [],
    describe: () => [],
    checks: [],
    pair: true,
    singleQueue: true,
  },
  defineKind(resource),
);
