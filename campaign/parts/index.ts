import { random } from '../random.ts';
import { antiSpoofing } from './anti-spoofing.ts';
import { badLine } from './bad-line.ts';
import { canAttach, pinnedAttachments } from './cni.ts';
import { dnsServers, hasDnsmasq } from './dns-servers.ts';
import { firewall } from './firewall.ts';
import { macvlan, macvtap } from './macvlan.ts';
import { hasOpenVswitch, ovs } from './ovs.ts';
import type { DraftLab, LabPart } from './part.ts';
import { policies } from './policies.ts';
import { programs } from './programs.ts';
import { services } from './services.ts';
import { tap, tun } from './tun.ts';
import { vxlan } from './vxlan.ts';
import { hasWireguard, wireguard } from './wireguard.ts';

/** Everything that random labs can have on top, in the order in which it is added. */
export const labParts: readonly LabPart[] = [macvlan, macvtap, vxlan, tun, tap, badLine, ovs, wireguard, firewall];

/** What lives in random labs, on top: programs and the like. In the order in which it is added. */
export const livingParts: readonly LabPart[] = [programs, dnsServers, pinnedAttachments];

/** What a cluster adds. In the order in which it is added. */
export const clusterParts: readonly LabPart[] = [services, policies, firewall, antiSpoofing];

/** Whether the machine has what some parts need. */
const PROGRAMS: ReadonlyMap<string, () => boolean> = new Map([
  [ovs.name, hasOpenVswitch],
  [wireguard.name, hasWireguard],
  [dnsServers.name, hasDnsmasq],
  [pinnedAttachments.name, canAttach],
]);

/** A lab, and the names of the parts that it has. */
export type LabWithParts = { readonly lab: unknown; readonly parts: readonly string[] };

/** Adds parts to a lab: one that is in turn for the seed, and others by chance. The same for the same seed. */
export function withParts(lab: unknown, seed: number, all: readonly LabPart[] = labParts): LabWithParts {
  const dice = random(seed + 5150);
  const draft: DraftLab = JSON.parse(JSON.stringify(lab));
  const parts = all.flatMap(({ name, add }, nth) => {
    const isWanted = nth === seed % all.length || dice.often(35);
    const isChosen = isWanted && (PROGRAMS.get(name)?.() ?? true);
    return isChosen && add(draft, dice) ? [name] : [];
  });
  return { lab: draft, parts };
}
