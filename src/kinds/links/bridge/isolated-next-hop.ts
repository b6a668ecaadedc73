import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import type { Lab } from '../../../model/lab.ts';
import { prefixAddressText } from '../../../net/prefix.ts';

/** A next hop behind an isolated port, from behind another one of the same bridge. */
export const isolatedNextHop: LabCheck = {
  name: 'isolated-next-hop',
  code: 'NF2018',
  title: 'Next hop behind an isolated port',
  explain:
    'A warning: a route leads to a next hop on the same bridge, and the ports of both are isolated. Isolated ports reach only ports that are not isolated, so the next hop never hears of the packet. Leave the port of the router as it is, and isolate the others.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: router } }
namespaces:
  router: { forwarding: true, interfaces: { eth0: { bridge: lan, port: { isolated: true } } } }
  red: { interfaces: { eth0: { bridge: lan, port: { isolated: true } } } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: router } }
namespaces:
  router: { forwarding: true, interfaces: { eth0: { bridge: lan } } }
  red: { interfaces: { eth0: { bridge: lan, port: { isolated: true } } } }
`,
  find: (_topology, lab) => {
    const isolated = isolatedInterfaces(lab);
    if (isolated.size < 2) return [];
    const owners = new Map(
      lab.addresses.flatMap(({ netns, dev, prefixes }) =>
        isolated.has(`${netns}/${dev}`)
          ? prefixes.map((text) => [prefixAddressText(text), { netns, key: `${netns}/${dev}` }] as const)
          : [],
      ),
    );
    return lab.routes.flatMap(({ netns, hops, at }) =>
      hops.flatMap(({ via, dev }) => {
        const bridge = isolated.get(`${netns}/${dev}`);
        const owner = bridge === undefined ? undefined : owners.get(via ?? '');
        if (!owner || isolated.get(owner.key) !== bridge) return [];
        const message = `${netns} cannot reach its next hop ${via}: its own port and that of ${owner.netns} are isolated`;
        const hint = `leave out \`isolated\` at the interface of ${owner.netns}`;
        return [makeDiagnostic('isolated-next-hop', atKey(at), message, { severity: 'warning', hint })];
      }),
    );
  },
};

/** By `netns/dev`, the bridge on which an interface has an isolated port. */
const isolatedInterfaces = (lab: Lab): ReadonlyMap<string, string> =>
  new Map(
    lab.cables.flatMap(({ ends: [left, right] }) =>
      [
        [left, right],
        [right, left],
      ].flatMap(([inner, port]) =>
        inner && port && port.port?.['isolated'] === true && port.master !== null
          ? [[`${inner.netns}/${inner.name}`, `${port.netns}/${port.master}`] as const]
          : [],
      ),
    ),
  );
