import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { RT_TABLE_MAIN, RTPROT_RA } from '../../model/kernel/rtnetlink.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A machine whose IPv6 default route comes from router advertisements, and a lab that turns forwarding on. */
export const losesAdvertisedRoute: MachineCheck = {
  name: 'loses-advertised-route',
  code: 'NF3014',
  title: 'Forwarding removes the IPv6 default route',
  explain:
    'The machine has its IPv6 default route from the advertisements of a router, and the lab turns forwarding on. A forwarding machine is a router itself: it drops that route at once, and accepts no other, unless `accept_ra` of that interface is 2. Written in the file, `accept_ra` is set before forwarding is turned on, and restored by `destroy`.',
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
  query: (lab) =>
    turnsForwardingOn(lab)
      ? [{ need: 'namespace', netns: 'host' }, { need: 'sysctl-value', netns: 'host', key: FORWARDING }, ACCEPT_RA]
      : [],
  find: (lab, live) => {
    const host = live.get({ need: 'namespace', netns: 'host' });
    if (!turnsForwardingOn(lab) || live.get({ need: 'sysctl-value', netns: 'host', key: FORWARDING }) !== '0')
      return [];
    const accepts = live.get(ACCEPT_RA);
    const isKept = (dev: string): boolean =>
      lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === acceptRa(dev) && value !== '1');
    const devs = (host?.routes ?? [])
      .filter(({ to, table, protocol }) => to === '::/0' && table === RT_TABLE_MAIN && protocol === RTPROT_RA)
      .flatMap(({ hops }) => hops.map(({ dev }) => dev))
      .filter((dev) => accepts?.get(acceptRa(dev)) === '1' && !isKept(dev));
    return [...new Set(devs)].map((dev) =>
      makeDiagnostic(
        'loses-advertised-route',
        null,
        `the IPv6 default route through ${dev} comes from router advertisements; the kernel drops it when forwarding is on`,
        {
          severity: 'warning',
          hint: `host: { sysctls: { net.ipv6.conf.${dev}.accept_ra: 2 } } keeps it`,
        },
      ),
    );
  },
};

const FORWARDING = 'net/ipv6/conf/all/forwarding';
const ACCEPT_RA = { need: 'device-sysctls', netns: 'host', key: 'net/ipv6/conf/*/accept_ra' } as const;

const acceptRa = (dev: string): string => `net/ipv6/conf/${dev}/accept_ra`;

const turnsForwardingOn = (lab: Lab): boolean =>
  lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === FORWARDING && value !== '0');
