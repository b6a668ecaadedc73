import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../../../model/json.ts';
import { parseMac } from '../../../../net/mac.ts';
import { LINK_NAME_BYTES } from '../../../../net/name.ts';
import { formatPrefix } from '../../../../net/prefix.ts';
import { isMachineSysctl, toSlashKey } from '../../../../source/normalise/sysctl-keys.ts';
import { conflistsOf } from '../entries.ts';
import { type ContainerAddresses, containerAddresses } from '../plugins/container-addresses.ts';
import { isList, type JsonObject, pluginsOf } from '../plugins/validate-shape.ts';

/** Values of the right type that a plugin, or the kernel below it, refuses: alone, or together with another key. */
export const cniRefusedValue: LabCheck = {
  name: 'cni-refused-value',
  code: 'NF2609',
  title: 'Value that a CNI plugin refuses',
  explain:
    'The plugin fails when the first container starts: two keys exclude each other (`hairpinMode` and `promiscMode`, `vlan` and `vlanTrunk`, and others), a name cannot be that of a link, an MTU is too small, or `tuning` is to set what is not a setting of the container.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, hairpinMode: true, promiscMode: true, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, hairpinMode: true, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  find: (topology) =>
    conflistsOf(topology).flatMap((conflist) => [
      ...pluginsOf(conflist.content).flatMap(({ plugin, index }) => {
        const at = [...conflist.at, 'plugins', index];
        return [
          ...exclusiveKeys(plugin, at),
          ...linkNames(plugin, at),
          ...linkValues(plugin, at),
          ...trunkRanges(plugin, at),
          ...(plugin['type'] === 'tuning' ? tuningSysctls(plugin['sysctl'], [...at, 'sysctl']) : []),
        ];
      }),
      ...containerAddresses(conflist).flatMap((container) => [...smallMtu(container), ...bridgeGateways(container)]),
    ]),
};

type PluginLocation = { readonly at: Path; readonly hint: string | null };

const say = (message: string, { at, hint }: PluginLocation): Diagnostic =>
  makeDiagnostic('cni-refused-value', atValue(at), message, { hint });

const EXCLUSIVE: { readonly [type: string]: readonly (readonly [string, string])[] } = {
  bridge: [
    ['hairpinMode', 'promiscMode'],
    ['vlan', 'vlanTrunk'],
    ['disableContainerInterface', 'ipam'],
  ],
  portmap: [['markMasqBit', 'externalSetMarkChain']],
  bandwidth: [['shapedSubnets', 'unshapedSubnets']],
};

const isSet = (plugin: JsonObject, key: string): boolean => {
  const value = plugin[key];
  if (isJsonObject(value)) return typeof value['type'] === 'string';
  return (
    value !== undefined && value !== false && value !== 0 && value !== '' && !(isList(value) && value.length === 0)
  );
};

function exclusiveKeys(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const type = `${plugin['type']}`;
  const pairs = Object.hasOwn(EXCLUSIVE, type) ? (EXCLUSIVE[type] ?? []) : [];
  return pairs
    .filter((pair) => pair.every((key) => isSet(plugin, key)))
    .map(([first, second]) =>
      makeDiagnostic(
        'cni-refused-value',
        atKey([...at, second]),
        `plugin ${type} refuses ${first} and ${second} together`,
        {
          related: [{ at: atKey([...at, first]), message: `${first} is written here` }],
          hint: 'leave one of them out',
        },
      ),
    );
}

/** By plugin, the keys that hold the name of a link. */
const LINK_NAME_KEYS: { readonly [type: string]: readonly string[] } = {
  bridge: ['bridge'],
  tap: ['bridge'],
  vrf: ['vrfname'],
  macvlan: ['master'],
  ipvlan: ['master'],
  vlan: ['master'],
  'host-device': ['device'],
};

function linkNames(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const type = `${plugin['type']}`;
  const keys = Object.hasOwn(LINK_NAME_KEYS, type) ? (LINK_NAME_KEYS[type] ?? []) : [];
  return keys.flatMap((key) => {
    const name = plugin[key];
    const problem = typeof name === 'string' ? linkNameProblem(name, type === 'bridge' ? key : '') : null;
    return problem === null
      ? []
      : [say(`${key} of plugin ${type} ${problem}`, { at: [...at, key], hint: LINK_NAME_HINT })];
  });
}

const LINK_NAME_HINT = 'write a name of at most 15 characters, such as cni0';

/** As `dev_valid_name` in net/core/dev.c; a new link cannot be called like a folder beside those of the links, or lo. */
function linkNameProblem(name: string, created: string): string | null {
  const bytes = Buffer.byteLength(name);
  if (bytes > LINK_NAME_BYTES) return `has ${bytes} characters; the name of a link has at most ${LINK_NAME_BYTES}`;
  if (created !== '' && ['', 'all', 'default', 'lo'].includes(name)) return `cannot be ${JSON.stringify(name)}`;
  return name === '.' || name === '..' || /[/:\s]/.test(name)
    ? `is ${JSON.stringify(name)}, which no link can be called`
    : null;
}

/** The smallest MTU of IPv4 (RFC 791), and so of a veth pair and a bridge. */
const LEAST_MTU = 68;
/** The smallest MTU with which the kernel keeps IPv6 on a link (RFC 8200). */
const LEAST_MTU_IPV6 = 1280;

const isBelow = (mtu: unknown, least: number): mtu is number => typeof mtu === 'number' && mtu > 0 && mtu < least;

function linkValues(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const { mtu, mac, type } = { mtu: plugin['mtu'], mac: plugin['mac'], type: plugin['type'] };
  const small = isBelow(mtu, LEAST_MTU)
    ? [
        say(`mtu of plugin ${type} is ${mtu}, and no link has less than ${LEAST_MTU}`, {
          at: [...at, 'mtu'],
          hint: null,
        }),
      ]
    : [];
  if (typeof mac !== 'string' || mac === '' || parseMac(mac.replaceAll('-', ':')) !== null) return small;
  const hint = 'write six pairs of hex digits, the first of them even, such as 02:00:00:00:00:01';
  return [
    ...small,
    say(`mac ${mac} of plugin ${type} is not the address of an interface`, { at: [...at, 'mac'], hint }),
  ];
}

function smallMtu({ plugin, at, prefixes }: ContainerAddresses): readonly Diagnostic[] {
  const mtu = plugin['mtu'];
  if (!isBelow(mtu, LEAST_MTU_IPV6) || mtu < LEAST_MTU || !prefixes.some(({ family }) => family === 6)) return [];
  const message = `mtu of plugin ${plugin['type']} is ${mtu}, and IPv6 needs ${LEAST_MTU_IPV6}`;
  return [say(message, { at: [...at, 'mtu'], hint: 'raise it, or leave out the IPv6 subnet' })];
}

/** The bridge keeps one IPv4 address: the plugin refuses to add a second one unless it may replace the first. */
function bridgeGateways({ plugin, at, gateways }: ContainerAddresses): readonly Diagnostic[] {
  const isGateway = plugin['isGateway'] === true || plugin['isDefaultGateway'] === true;
  if (plugin['type'] !== 'bridge' || !isGateway || plugin['forceAddress'] === true) return [];
  const own = [...new Set(gateways.filter(({ family }) => family === 4).map(formatPrefix))];
  if (own.length < 2) return [];
  const message = `the bridge cannot be the gateway of two IPv4 subnets: ${own.join(' and ')}`;
  const hint = 'write both subnets in one list under ranges, or leave out isGateway';
  return [say(message, { at: [...at, 'ipam'], hint })];
}

function trunkRanges(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const trunk = plugin['vlanTrunk'];
  if (plugin['type'] !== 'bridge' || !isList(trunk)) return [];
  return trunk.flatMap((item, i) => {
    if (!isJsonObject(item)) return [];
    const { minID, maxID } = { minID: item['minID'], maxID: item['maxID'] };
    const here = { at: [...at, 'vlanTrunk', i], hint: 'write { minID: 100, maxID: 110 }, or { id: 100 }' };
    if ((minID === undefined) !== (maxID === undefined)) {
      return [say(`an item of vlanTrunk has ${minID === undefined ? 'maxID' : 'minID'} alone`, here)];
    }
    const reversed = typeof minID === 'number' && typeof maxID === 'number' && minID > maxID;
    return reversed ? [say(`minID ${minID} of vlanTrunk is above maxID ${maxID}`, here)] : [];
  });
}

/** In `sysctl` of tuning, IFNAME stands for the interface of the container. */
function tuningSysctls(sysctls: JsonObject[string] | undefined, at: Path): readonly Diagnostic[] {
  if (!isJsonObject(sysctls)) return [];
  return Object.keys(sysctls).flatMap((name) => {
    const key = toSlashKey(name);
    const keyAt = atKey([...at, name]);
    if (!key.startsWith('net/') || key.split('/').some((part) => /^\.+$/.test(part))) {
      const hint = 'tuning sets keys below net only; leave it out';
      return [makeDiagnostic('cni-refused-value', keyAt, `${name} is not a network setting`, { hint })];
    }
    if (!isMachineSysctl(key)) return [];
    const hint = 'write it under `host: sysctls:` to set it on the machine';
    return [
      makeDiagnostic('cni-refused-value', keyAt, `${name} is a setting of the whole machine, not of a container`, {
        hint,
      }),
    ];
  });
}
