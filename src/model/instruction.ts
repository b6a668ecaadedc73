import type { AddressInstruction } from '../instructions/address/types.ts';
import type { AttachmentInstruction } from '../instructions/attachment/types.ts';
import type { BridgeVlanInstruction } from '../instructions/bridge-vlan/types.ts';
import type { ConntrackInstruction } from '../instructions/conntrack/types.ts';
import type { FdbInstruction } from '../instructions/fdb/types.ts';
import type { FileInstruction } from '../instructions/file/types.ts';
import type { LinkInstruction } from '../instructions/link/types.ts';
import type { MdbInstruction } from '../instructions/mdb/types.ts';
import type { NeighbourInstruction } from '../instructions/neighbour/types.ts';
import type { NetnsInstruction } from '../instructions/netns/types.ts';
import type { NftInstruction } from '../instructions/nft/types.ts';
import type { ProcessInstruction } from '../instructions/process/types.ts';
import type { QueueInstruction } from '../instructions/queue/types.ts';
import type { RouteInstruction } from '../instructions/route/types.ts';
import type { RuleInstruction } from '../instructions/rule/types.ts';
import type { SysctlInstruction } from '../instructions/sysctl/types.ts';
import type { OvsInstruction } from '../instructions/vswitch/types.ts';
import type { WireguardInstruction } from '../instructions/wireguard/types.ts';

export type { AddLink, LinkSettings } from '../instructions/link/types.ts';
export type { RouteValue } from '../instructions/route/types.ts';
export type { RuleValue } from '../instructions/rule/types.ts';
export type { RouteOptions, RouteScope, RouteType } from './kernel/route-options.ts';
export type { NumberRange, RuleAction, RuleOptions } from './kernel/rule-options.ts';

/**
 * What the machine is asked to do, as data: carried out by the executor of its family, printed as shell commands, written to
 * a journal. `do` is the family's name, a dot and a verb; `netns` is `host` or a name under /run/netns.
 */
export type Instruction =
  | NetnsInstruction
  | LinkInstruction
  | BridgeVlanInstruction
  | AddressInstruction
  | RouteInstruction
  | RuleInstruction
  | NeighbourInstruction
  | FdbInstruction
  | MdbInstruction
  | QueueInstruction
  | SysctlInstruction
  | NftInstruction
  | ConntrackInstruction
  | FileInstruction
  | AttachmentInstruction
  | ProcessInstruction
  | OvsInstruction
  | WireguardInstruction;

/** The routing protocol number that marks our routes, rules, neighbours and foreign-link addresses. */
export const NETFORM_PROTOCOL = 78;
/** The interface group of every link that we make. */
export const NETFORM_GROUP = 20038;
