import type { ImportFacts } from '../../model/kernel/import-facts.ts';
import { netnsDisplayName } from '../model.ts';

/** The links that a switch makes for its datapath: in user space, and in the kernel. */
const DATAPATHS = ['ovs-netdev', 'ovs-system'];

/** Whether Open vSwitch makes a link: a bridge of one that runs here, or a datapath. It looks like a tap. */
export const isOfSwitch = ({ switches }: ImportFacts, netns: string, name: string): boolean =>
  DATAPATHS.includes(name) || switches.some((one) => one.netns === netns && one.bridges.includes(name));

/** One line for each bridge of the switches of a place, with its ports; one for a datapath whose switch is not known. */
export function openVswitchLines(
  { switches }: ImportFacts,
  netns: string,
  links: readonly string[],
): readonly string[] {
  const here = switches.filter((one) => one.netns === netns);
  const place = netnsDisplayName(netns);
  const lines = here.flatMap(({ lab, bridges, ports }) =>
    bridges.map((bridge) => {
      const names = ports.filter((port) => port.bridge === bridge).map(({ name }) => name);
      const whose = lab === null ? 'the Open vSwitch of the machine' : `the Open vSwitch of the lab ${lab}`;
      return `bridge ${bridge} of ${place}: of ${whose}${names.length === 0 ? '' : `, with the ports ${names.toSorted().join(', ')}`}`;
    }),
  );
  const datapath = here.length === 0 ? links.find((name) => DATAPATHS.includes(name)) : undefined;
  return datapath === undefined
    ? lines
    : [...lines, `link ${datapath} of ${place}: the datapath of an Open vSwitch that does not answer here`];
}
