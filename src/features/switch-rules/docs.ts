import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `flows` and `mirrors`. */
export const switchRulesDocs: LanguageSection = {
  title: 'Mirrors of Open vSwitch',
  path: ['definitions', 'mirror'],
  text: 'At a bridge with `kind: ovs`: `mirrors` copies frames to a port, where a capture sees them; `flows` says what the switch does with some frames. Where netfilter would have to see frames between two ports of one bridge, a flow does it: frames that a switch of Open vSwitch passes from port to port do not pass netfilter. `nat`, `portForwards`, `publish` and `services` work as on a bridge of the kernel: they concern packets that a namespace routes, and `impair` is at the ends of cables.',
  example: `
version: 1
name: watched
bridges:
  sw1:
    kind: ovs
    subnet: 10.1.0.0/24
    flows: ['priority=100,tcp,in_port="blue:eth0",tp_dst=22,actions=drop']
    mirrors: { watch: { of: "red:eth0", to: "probe:eth0" } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw1 } } }
  blue: { interfaces: { eth0: { bridge: sw1 } } }
  probe: { interfaces: { eth0: { bridge: sw1, address: none } } }`,
};
