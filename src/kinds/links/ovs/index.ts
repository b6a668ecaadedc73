import { defineLinkKind } from '../define-link-kind.ts';
import { DEFAULT_LINK_MTU } from '../link-attributes.ts';
import { foreignWords } from './foreign-words.ts';
import { type OvsOptions, ovsFields } from './options.ts';
import { ovsPort } from './port.ts';
import { ovsPrograms } from './programs.ts';
import { ovsBridge } from './resource.ts';

const link = defineLinkKind<OvsOptions>(
  {
    name: 'ovs',
    phrase: 'an Open vSwitch bridge',
    section: 'bridges',
    explain: '',
    fields: ovsFields,
    docs: null,
    lower: null,
    segment: null,
    overhead: () => 0,
    caption: () => '',
    immutable: [],
    unlike: null,
    // The kernel does not know the kind: a switch makes the link.
    netlink: { encode: () => [], decode: () => ({ options: null }) },
    shell: () => [],
    describe: ({ action, options: { stp }, mac, mtu, up }) =>
      action === 'create'
        ? [`mac ${mac}`, mtu === DEFAULT_LINK_MTU ? '' : `mtu ${mtu}`, stp ? 'stp' : '', up ? '' : 'down']
        : [],
    checks: [foreignWords],
    madeByProgram: true,
    programs: ovsPrograms,
  },
  ovsBridge,
);

/** A switch in user space: `kind: ovs` at a bridge. The lab has an Open vSwitch of its own in each namespace with one. */
export const ovs = { ...link, others: [ovsPort] };
