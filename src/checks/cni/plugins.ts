import { dns } from './ipam.ts';
import {
  anything,
  type Fields,
  fields,
  flag,
  list,
  mapOf,
  number,
  oneOf,
  openFields,
  type Shape,
  text,
} from './shape.ts';

/** Where a plugin may stand in a list: `first` makes an interface, `chained` works on one, `either` does both. */
export type Position = 'first' | 'chained' | 'either';

export type PluginShape = { readonly position: Position; readonly fields: Fields; readonly needsIpam: boolean };

/** Keys of every plugin object, from the CNI specification; `ipam` is walked with the shape of its own type. */
export const commonKeys: { readonly [key: string]: Shape } = {
  type: text,
  name: text,
  cniVersion: text,
  capabilities: mapOf(flag),
  ipMasq: flag,
  ipam: anything,
  dns,
  args: anything,
  runtimeConfig: anything,
  prevResult: anything,
};

const plugin = (position: Position, keys: Fields['keys'], ...required: readonly string[]): PluginShape => ({
  position,
  fields: fields({ ...commonKeys, ...keys }, 'type', ...required),
  needsIpam: false,
});
const withIpam = (shape: PluginShape): PluginShape => ({ ...shape, needsIpam: true });
const vendor = (keys: Fields['keys']): PluginShape => ({
  position: 'either',
  fields: openFields({ ...commonKeys, ...keys }),
  needsIpam: false,
});

const ipMasqBackend = oneOf('', 'iptables', 'nftables');
const mtu = number(0, 65_536);

/** The plugins of github.com/containernetworking/plugins v1.9 and those of the vendors that are met most. */
export const pluginShapes: { readonly [type: string]: PluginShape } = {
  bridge: plugin('first', {
    bridge: text,
    isGateway: flag,
    isDefaultGateway: flag,
    forceAddress: flag,
    ipMasqBackend,
    mtu,
    hairpinMode: flag,
    promiscMode: flag,
    vlan: number(0, 4094),
    vlanTrunk: list(fields({ minID: number(1, 4094), maxID: number(1, 4094), id: number(1, 4094) })),
    preserveDefaultVlan: flag,
    macspoofchk: flag,
    enabledad: flag,
    disableContainerInterface: flag,
    portIsolation: flag,
  }),
  ptp: withIpam(plugin('first', { ipMasqBackend, mtu })),
  macvlan: plugin('first', {
    master: text,
    mode: oneOf('', 'bridge', 'private', 'vepa', 'passthru'),
    mtu,
    mac: text,
    linkInContainer: flag,
    bcqueuelen: number(),
  }),
  ipvlan: plugin('either', { master: text, mode: oneOf('', 'l2', 'l3', 'l3s'), mtu, linkInContainer: flag }),
  vlan: withIpam(plugin('first', { master: text, vlanId: number(0, 4094), mtu, linkInContainer: flag }, 'master')),
  'host-device': plugin('first', { device: text, hwaddr: text, kernelpath: text, pciBusID: text }),
  loopback: plugin('either', {}),
  dummy: withIpam(plugin('first', {})),
  tap: plugin('first', {
    multiQueue: flag,
    mtu,
    mac: text,
    owner: number(),
    group: number(),
    selinuxContext: text,
    bridge: text,
  }),
  portmap: plugin('chained', {
    snat: flag,
    markMasqBit: number(0, 31),
    externalSetMarkChain: text,
    conditionsV4: list(text),
    conditionsV6: list(text),
    masqAll: flag,
    backend: oneOf('', 'iptables', 'nftables'),
  }),
  firewall: plugin('chained', {
    backend: oneOf('', 'iptables', 'firewalld'),
    iptablesAdminChainName: text,
    firewalldZone: text,
    ingressPolicy: oneOf('', 'open', 'same-bridge', 'isolated'),
  }),
  tuning: plugin('chained', {
    sysctl: mapOf(text),
    mac: text,
    mtu,
    promisc: flag,
    allmulti: flag,
    txQLen: number(),
    dataDir: text,
  }),
  bandwidth: plugin('chained', {
    ingressRate: number(),
    ingressBurst: number(0, 4_294_967_295),
    egressRate: number(),
    egressBurst: number(0, 4_294_967_295),
    shapedSubnets: list(text),
    unshapedSubnets: list(text),
  }),
  vrf: plugin('chained', { vrfname: text, table: number(0, 4_294_967_295) }, 'vrfname'),
  sbr: plugin('chained', { table: number(0, 4_294_967_295), gateways: list(text), addSourceHints: flag }),
  flannel: plugin('first', { subnetFile: text, dataDir: text, delegate: openFields({}) }),
  calico: vendor({
    log_level: text,
    datastore_type: oneOf('kubernetes', 'etcdv3'),
    nodename: text,
    nodename_file_optional: flag,
    mtu: number(),
    policy: openFields({ type: text }),
    kubernetes: openFields({ kubeconfig: text, k8s_api_root: text }),
    container_settings: openFields({ allow_ip_forwarding: flag }),
    include_default_routes: flag,
    feature_control: openFields({ ip_addrs_no_ipam: flag, floating_ips: flag }),
  }),
  'cilium-cni': vendor({
    mtu: number(),
    'enable-debug': flag,
    'log-file': text,
    'chaining-mode': text,
    eni: openFields({}),
  }),
  'weave-net': vendor({ hairpinMode: flag, bridge: text, isGateway: flag, mtu: number() }),
  multus: vendor({
    confDir: text,
    cniDir: text,
    binDir: text,
    delegates: list(openFields({})),
    clusterNetwork: text,
    defaultNetworks: list(text),
    kubeconfig: text,
    logFile: text,
    logLevel: text,
    logToStderr: flag,
    readinessindicatorfile: text,
    namespaceIsolation: flag,
    globalNamespaces: text,
    systemNamespaces: list(text),
    multusNamespace: text,
    retryDeleteOnError: flag,
  }),
};

/** Of a plugin that netform does not know. */
export const anyPlugin: PluginShape = vendor({});
