import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Query } from '../../model/kernel/live-state.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A machine whose default route of IPv6 comes from a router's advertisements, and a lab that makes it forward. */
export const losesAdvertisedRoute: MachineCheck = {
  name: 'loses-advertised-route',
  title: 'Forwarding takes the default route of IPv6 away',
  explain:
    'The machine has its default route of IPv6 from the advertisements of a router, and the lab makes it forward. A machine that forwards takes itself for a router: it drops that route at once, and takes no other one, unless `accept_ra` of that interface is 2. Written in the file, that is set before forwarding is turned on, and is as before after `destroy`.',
  bad: `
bridges: { lan: { subnet: "fd00:1::/64", address: "fd00:1::1" } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: true }
`,
  good: `
bridges: { lan: { subnet: "fd00:1::/64", address: "fd00:1::1" } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: true, sysctls: { net.ipv6.conf.eth0.accept_ra: 2 } }
`,
  find: (lab, live) => {
    const host = live.netns.get('host');
    if (!turnsForwardingOn(lab) || host?.sysctls.get(FORWARDING) !== '0') return [];
    const isKept = (dev: string): boolean =>
      lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === acceptRa(dev) && value !== '1');
    const devs = host.routes
      .filter(({ to, table, protocol }) => to === '::/0' && table === MAIN && protocol === RTPROT_RA)
      .flatMap(({ hops }) => hops.map(({ dev }) => dev))
      .filter((dev) => host.sysctls.get(acceptRa(dev)) === '1' && !isKept(dev));
    return [...new Set(devs)].map((dev) =>
      makeDiagnostic(
        'loses-advertised-route',
        null,
        `the default route of IPv6 through ${dev} comes from a router's advertisements; with forwarding on, the kernel drops it`,
        {
          severity: 'warning',
          hint: `host: { sysctls: { net.ipv6.conf.${dev}.accept_ra: 2 } } keeps it`,
        },
      ),
    );
  },
};

const FORWARDING = 'net/ipv6/conf/all/forwarding';
const MAIN = 254;
// linux/rtnetlink.h
const RTPROT_RA = 9;

const acceptRa = (dev: string): string => `net/ipv6/conf/${dev}/accept_ra`;

const turnsForwardingOn = (lab: Lab): boolean =>
  lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === FORWARDING && value !== '0');

/** What it has to know. */
export const acceptRaQuery = (lab: Lab): Partial<Query> =>
  turnsForwardingOn(lab)
    ? {
        netns: ['host'],
        sysctls: [{ netns: 'host', key: FORWARDING }],
        sysctlTrees: [{ netns: 'host', dir: 'net/ipv6/conf', leaf: 'accept_ra' }],
      }
    : {};
