import type { LinkFields } from '../../../model/link-kind.ts';

/** How a bond uses its ports: `miimon` in milliseconds; `primary` is the name of a port. */
export type BondOptions = {
  readonly mode: string;
  readonly miimon: number;
  readonly primary: string | null;
  readonly xmitHashPolicy: string;
  readonly lacpRate: string;
  readonly minLinks: number;
};

/** Modes in the order of their numbers (Documentation/networking/bonding.rst). */
export const BOND_MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;

/** Policies in the order of BOND_XMIT_POLICY_* (linux/if_bonding.h). */
export const HASH_POLICIES = ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac'] as const;

/** Rates in the order of AD_LACP_SLOW and AD_LACP_FAST. */
export const LACP_RATES = ['slow', 'fast'] as const;

/** The options in the order in which they are shown. */
export const bondFields: LinkFields = {
  mode: {
    type: 'choice',
    values: BOND_MODES,
    default: 'balance-rr',
    description:
      'How it uses its ports: one at a time (`active-backup`), as the other end agrees (`802.3ad`, LACP), in turn (`balance-rr`), by the packet (`balance-xor`), all at once (`broadcast`), or by load (`balance-tlb`, `balance-alb`).',
    examples: ['active-backup', '802.3ad'],
  },
  ports: {
    type: 'ports',
    description: 'The interfaces that it uses; they are of the same namespace, and have no address of their own.',
    examples: [['eth0', 'eth1']],
  },
  miimon: {
    type: 'milliseconds',
    maximum: 60_000,
    default: 100,
    description: 'How often it looks whether the ports have a carrier.',
    examples: ['100ms', '1s'],
  },
  primary: {
    type: 'device',
    description:
      'The port that is used whenever it has a carrier; with `active-backup`, `balance-tlb` and `balance-alb`.',
    examples: ['eth0'],
  },
  xmitHashPolicy: {
    type: 'choice',
    values: HASH_POLICIES,
    default: 'layer2',
    description: 'What of a packet decides by which port it leaves; with `balance-xor`, `802.3ad` and `balance-tlb`.',
    examples: ['layer3+4'],
  },
  lacpRate: {
    type: 'choice',
    values: LACP_RATES,
    default: 'slow',
    description: 'How often the other end is to send; with `802.3ad`.',
    examples: ['fast'],
  },
  minLinks: {
    type: 'integer',
    minimum: 0,
    maximum: 255,
    default: 0,
    description: 'How many ports must have a carrier before it has one; with `802.3ad`.',
    examples: [2],
  },
};
