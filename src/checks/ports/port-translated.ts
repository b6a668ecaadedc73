import { type ForeignPortForward, findForeignPortForwards } from '../../firewall/foreign-port-forwards.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import { prefixAddressText, prefixContainsText } from '../../net/prefix.ts';
import type { MachineCheck } from '../check.ts';
import { firstOfEachPlace, isRecordedClaim } from './recorded-claim.ts';

/** A port of the host that a rule of another program sends elsewhere. */
export const portTranslated: MachineCheck = {
  name: 'port-translated',
  code: 'NF3015',
  rank: 70,
  title: 'Port forwarded by another program',
  explain:
    'A forward of the host takes a port that a DNAT or redirect rule of another program (Docker, kube-proxy, a rule by hand) sends elsewhere. Of two such rules only the one whose table was loaded first is used. A rule to the same target does not count. It is a warning for a lab that has the port already.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["30080:80"] }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
`,
  query: ({ ports }) =>
    ports.some(({ netns }) => netns === 'host')
      ? [
          { need: 'foreign-ruleset', netns: 'host' },
          { need: 'legacy-iptables', netns: 'host' },
          { need: 'attachment-traces' },
          { need: 'namespace', netns: 'host' },
        ]
      : [],
  find: (lab, live, { recorded }) =>
    findTranslationRivals(lab, live).map(({ claim, port, protocol, forward }) =>
      makeDiagnostic(
        'port-translated',
        atValue(claim.at),
        `port ${port}/${protocol} is forwarded by another program: ${forward.words}`,
        {
          ...(isRecordedClaim(claim, recorded) ? { severity: 'warning' } : {}),
          hint: 'listen on another port, or on an address that the rule is not for',
        },
      ),
    ),
};

/** A port of the host that the lab forwards, and a rule of another program that is for it. */
export type TranslationRival = {
  readonly claim: LabPortClaim;
  readonly port: number;
  readonly protocol: string;
  readonly forward: ForeignPortForward;
};

/** The ports of the host that both a lab and a rule of another program forward: one for each place in the file. */
export function findTranslationRivals(lab: Lab, live: LiveState): readonly TranslationRival[] {
  const claims = lab.ports.filter(({ netns }) => netns === 'host');
  if (claims.length === 0) return [];
  const forwards = findForeignPortForwards(live, 'host');
  const own =
    live.get({ need: 'namespace', netns: 'host' })?.addresses.map(({ prefix }) => prefixAddressText(prefix)) ?? [];
  const rivals = claims.flatMap((claim): TranslationRival[] => {
    for (const forward of forwards) {
      const shared = sharedPort(claim, forward);
      if (shared === null || !sharesAddress(claim, forward, own) || hasSameTarget(lab, claim, forward)) continue;
      return [{ claim, ...shared, forward }];
    }
    return [];
  });
  return firstOfEachPlace(rivals);
}

const PROTOCOL_NUMBERS: { readonly [number: string]: string } = { '6': 'tcp', '17': 'udp', '132': 'sctp' };

function sharedPort(
  { ports, protocols }: LabPortClaim,
  forward: ForeignPortForward,
): Pick<TranslationRival, 'port' | 'protocol'> | null {
  const name = forward.protocol === null ? null : (PROTOCOL_NUMBERS[forward.protocol] ?? forward.protocol);
  const protocol = protocols.find((one) => name === null || one === name);
  const range = forward.ports.find(({ first, last }) => first <= ports.last && last >= ports.first);
  return protocol === undefined || range === undefined ? null : { protocol, port: Math.max(range.first, ports.first) };
}

/** `own`: the addresses of the machine. */
function sharesAddress(
  { family, address }: LabPortClaim,
  { family: only, addresses }: ForeignPortForward,
  own: readonly string[],
): boolean {
  if (only !== null && only !== family) return false;
  if (addresses === null) return true;
  const wanted = (address === null ? own : [address]).filter((one) => one.includes(':') === (family === 6));
  return wanted.some((one) =>
    addresses.some((other) =>
      other.includes('/') ? other.includes(':') === one.includes(':') && prefixContainsText(other, one) : other === one,
    ),
  );
}

/** What an adopted lab finds: rules that do what the file asks for. */
const hasSameTarget = (lab: Lab, claim: LabPortClaim, { target }: ForeignPortForward): boolean =>
  lab.forwards.some(
    ({ at, family, weight, target: { address, ports } }) =>
      weight === undefined &&
      at.join('/') === claim.at.join('/') &&
      family === claim.family &&
      [address, `[${address}]`, `${address}:${ports.first}`, `[${address}]:${ports.first}`].includes(
        target.split('-')[0] ?? '',
      ),
  );
