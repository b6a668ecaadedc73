import { hasAsymmetricRouting } from '../../firewall/asymmetric-routing.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { MachineCheck } from '../check.ts';

/** A machine that drops replies on another path, and a lab with asymmetric routing. */
export const strictRpFilter: MachineCheck = {
  name: 'strict-rp-filter',
  code: 'NF3013',
  title: 'Strict reverse path filter drops replies',
  explain:
    'The machine filters reverse paths strictly (`rp_filter` 1), and a namespace of the lab is on two of its LANs: packets to its second address from a third LAN are answered through its default route, and the kernel silently drops the reply. `netform doctor` reports the same and names the command.',
  bad: `
bridges:
  one: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  two: { subnet: 10.2.0.0/24, address: 10.2.0.1, gateway: none }
  three: { subnet: 10.3.0.0/24, address: 10.3.0.1 }
host: { forwarding: true }
namespaces:
  twin: { interfaces: { eth0: { bridge: one }, eth1: { bridge: two } } }
  peer: { interfaces: { eth0: { bridge: three } } }
`,
  good: `
bridges:
  one: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  three: { subnet: 10.3.0.0/24, address: 10.3.0.1 }
host: { forwarding: true }
namespaces:
  twin: { interfaces: { eth0: { bridge: one } } }
  peer: { interfaces: { eth0: { bridge: three } } }
`,
  query: (lab) => (hasAsymmetricRouting(lab) ? [RP_FILTERS] : []),
  find: (lab, live, { file }) => {
    if (!hasAsymmetricRouting(lab) || !lab.bridges.some(({ netns, name }) => netns === 'host' && isStrict(live, name)))
      return [];
    return [
      makeDiagnostic(
        'strict-rp-filter',
        null,
        'reverse path filtering is strict on this machine, and replies of this lab take another path',
        {
          severity: 'warning',
          hint: `sysctl -w net.ipv4.conf.all.rp_filter=2 lets them through; netform doctor ${file} says more`,
        },
      ),
    ];
  },
};

const RP_FILTERS = { need: 'device-sysctls', netns: 'host', key: 'net/ipv4/conf/*/rp_filter' } as const;

/** The larger of `all` and the link's own value applies; a link that does not exist yet gets `default`. */
function isStrict(live: LiveState, link: string): boolean {
  const filters = live.get(RP_FILTERS);
  const filterOf = (name: string) => filters?.get(`net/ipv4/conf/${name}/rp_filter`) ?? null;
  const own = filterOf(link) ?? filterOf('default');
  return Math.max(Number(filterOf('all') ?? 0), Number(own ?? 0)) === 1;
}
