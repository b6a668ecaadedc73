import type { Json } from '../model/json.ts';
import type { ImportModel } from './model.ts';
import type { JsonMap } from './result.ts';

type SysctlImportContext = {
  /** Whether NAT or forwards turn forwarding on by themselves. */
  readonly isNeeded: boolean;
  readonly links: ReadonlySet<string>;
};

/** Forwarding where it differs from what follows from the rest, and the settings that differ from the defaults. */
export function importSysctls(
  found: ImportModel,
  netns: string,
  { isNeeded, links }: SysctlImportContext,
): { readonly forwarding: Json; readonly sysctls: JsonMap } {
  const changed = [...(found.inventory.sysctls.get(netns) ?? [])].filter(
    ([key, value]) => BASE[key] !== value && isKnown(key, links) && (netns !== 'host' || !isOurs(key, value)),
  );
  return {
    forwarding: forwardingOf(found, netns, isNeeded),
    sysctls: Object.fromEntries(changed.map(([key, value]) => [sysctlName(key), settingValue(value)])),
  };
}

function forwardingOf(found: ImportModel, netns: string, isNeeded: boolean): Json {
  const values = SWITCHES.map((key) => found.inventory.live.get({ need: 'sysctl-value', netns, key }) ?? '0');
  const isOn = values.some((value) => value !== '0');
  // A machine that is in no LAN of the lab keeps its forwarding out of the file.
  const takesPart =
    netns !== 'host' ||
    found.lans.length > 0 ||
    found.pairs.some(({ near, far }) => [near, far].some((end) => end.netns === 'host'));
  return isOn === isNeeded || !takesPart ? null : isOn;
}

const SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];

/** The settings of every namespace that netform creates (src/lab/sysctls). */
const BASE: { readonly [key: string]: string } = Object.fromEntries(
  ['all', 'default'].flatMap((device) => [
    [`net/ipv6/conf/${device}/disable_ipv6`, '0'],
    [`net/ipv6/conf/${device}/accept_ra`, '0'],
    [`net/ipv6/conf/${device}/accept_dad`, '0'],
    [`net/ipv6/conf/${device}/keep_addr_on_down`, '1'],
    [`net/ipv4/conf/${device}/promote_secondaries`, '1'],
    [`net/ipv4/conf/${device}/rp_filter`, '0'],
    [`net/ipv4/conf/${device}/route_localnet`, '0'],
  ]),
);

/** The settings of the links that netform creates on the machine. */
const isOurs = (key: string, value: string): boolean =>
  /\/(?:accept_ra|accept_dad)$/.test(key) ? value === '0' : key.endsWith('/promote_secondaries') && value === '1';

/** Whether a key is imported: one of an imported device other than `lo`, of `all` or `default`, or of no device. */
function isKnown(key: string, links: ReadonlySet<string>): boolean {
  const dev = /^net\/ipv[46]\/conf\/([^/]+)\//.exec(key)?.[1];
  return dev === undefined || dev === 'all' || dev === 'default' || (links.has(dev) && dev !== 'lo');
}

/** As sysctl(8) prints keys. */
const sysctlName = (key: string): string => key.replace(/[./]/g, (character) => (character === '/' ? '.' : '/'));

const settingValue = (value: string): Json => (/^(?:0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value);
