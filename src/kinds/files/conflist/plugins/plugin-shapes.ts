import { dnsShape } from './ipam-shapes.ts';
import {
  anyShape,
  arrayShape,
  booleanShape,
  type CniObjectShape,
  type CniShape,
  choiceShape,
  mapShape,
  numberShape,
  objectShape,
  openObjectShape,
  textShape,
} from './shape.ts';

/** Where a plugin may stand in a list: `first` makes an interface, `chained` works on one, `either` does both. */
export type PluginPosition = 'first' | 'chained' | 'either';

export type PluginShape = {
  readonly position: PluginPosition;
  readonly fields: CniObjectShape;
  readonly needsIpam: boolean;
};

/** Keys of every plugin object, from the CNI specification; `ipam` is walked with the shape of its own type. */
export const pluginKeyShapes: { readonly [key: string]: CniShape } = {
  type: textShape,
  name: textShape,
  cniVersion: textShape,
  capabilities: mapShape(booleanShape),
  ipMasq: booleanShape,
  ipam: anyShape,
  dns: dnsShape,
  args: anyShape,
  runtimeConfig: anyShape,
  prevResult: anyShape,
};

const plugin = (
  position: PluginPosition,
  keys: CniObjectShape['keys'],
  ...required: readonly string[]
): PluginShape => ({
  position,
  fields: objectShape({ ...pluginKeyShapes, ...keys }, 'type', ...required),
  needsIpam: false,
});
const withIpam = (shape: PluginShape): PluginShape => ({ ...shape, needsIpam: true });
const vendor = (keys: CniObjectShape['keys']): PluginShape => ({
  position: 'either',
  fields: openObjectShape({ ...pluginKeyShapes, ...keys }),
  needsIpam: false,
});

const ipMasqBackend = choiceShape('', 'iptables', 'nftables');
const mtu = numberShape(0, 65_535);

/** The plugins of github.com/containernetworking/plugins v1.9 and those of the vendors that are met most. */
export const pluginShapes: { readonly [type: string]: PluginShape } = {
  bridge: plugin('first', {
    bridge: textShape,
    isGateway: booleanShape,
    isDefaultGateway: booleanShape,
    forceAddress: booleanShape,
    ipMasqBackend,
    mtu,
    hairpinMode: booleanShape,
    promiscMode: booleanShape,
    vlan: numberShape(0, 4094),
    vlanTrunk: arrayShape(
      objectShape({ minID: numberShape(1, 4094), maxID: numberShape(1, 4094), id: numberShape(1, 4094) }),
    ),
    preserveDefaultVlan: booleanShape,
    macspoofchk: booleanShape,
    enabledad: booleanShape,
    disableContainerInterface: booleanShape,
    portIsolation: booleanShape,
  }),
  ptp: withIpam(plugin('first', { ipMasqBackend, mtu })),
  macvlan: plugin('first', {
    master: textShape,
    mode: choiceShape('', 'bridge', 'private', 'vepa', 'passthru'),
    mtu,
    mac: textShape,
    linkInContainer: booleanShape,
    bcqueuelen: numberShape(),
  }),
  ipvlan: plugin('either', {
    master: textShape,
    mode: choiceShape('', 'l2', 'l3', 'l3s'),
    mtu,
    linkInContainer: booleanShape,
  }),
  vlan: withIpam(
    plugin('first', { master: textShape, vlanId: numberShape(0, 4094), mtu, linkInContainer: booleanShape }, 'master'),
  ),
  'host-device': plugin('first', { device: textShape, hwaddr: textShape, kernelpath: textShape, pciBusID: textShape }),
  loopback: plugin('either', {}),
  dummy: withIpam(plugin('first', {})),
  tap: plugin('first', {
    multiQueue: booleanShape,
    mtu,
    mac: textShape,
    owner: numberShape(),
    group: numberShape(),
    selinuxContext: textShape,
    bridge: textShape,
  }),
  portmap: plugin('chained', {
    snat: booleanShape,
    markMasqBit: numberShape(0, 31),
    externalSetMarkChain: textShape,
    conditionsV4: arrayShape(textShape),
    conditionsV6: arrayShape(textShape),
    masqAll: booleanShape,
    backend: choiceShape('', 'iptables', 'nftables'),
  }),
  firewall: plugin('chained', {
    backend: choiceShape('', 'iptables', 'firewalld'),
    iptablesAdminChainName: textShape,
    firewalldZone: textShape,
    ingressPolicy: choiceShape('', 'open', 'same-bridge', 'isolated'),
  }),
  tuning: plugin('chained', {
    sysctl: mapShape(textShape),
    mac: textShape,
    mtu,
    promisc: booleanShape,
    allmulti: booleanShape,
    txQLen: numberShape(),
    dataDir: textShape,
  }),
  bandwidth: plugin('chained', {
    ingressRate: numberShape(),
    ingressBurst: numberShape(0, 4_294_967_295),
    egressRate: numberShape(),
    egressBurst: numberShape(0, 4_294_967_295),
    shapedSubnets: arrayShape(textShape),
    unshapedSubnets: arrayShape(textShape),
  }),
  vrf: plugin('chained', { vrfname: textShape, table: numberShape(0, 4_294_967_295) }, 'vrfname'),
  sbr: plugin('chained', {
    table: numberShape(0, 4_294_967_295),
    gateways: arrayShape(textShape),
    addSourceHints: booleanShape,
  }),
  flannel: plugin('first', { subnetFile: textShape, dataDir: textShape, delegate: openObjectShape({}) }),
  calico: vendor({
    log_level: textShape,
    datastore_type: choiceShape('kubernetes', 'etcdv3'),
    nodename: textShape,
    nodename_file_optional: booleanShape,
    mtu: numberShape(),
    policy: openObjectShape({ type: textShape }),
    kubernetes: openObjectShape({ kubeconfig: textShape, k8s_api_root: textShape }),
    container_settings: openObjectShape({ allow_ip_forwarding: booleanShape }),
    include_default_routes: booleanShape,
    feature_control: openObjectShape({ ip_addrs_no_ipam: booleanShape, floating_ips: booleanShape }),
  }),
  'cilium-cni': vendor({
    mtu: numberShape(),
    'enable-debug': booleanShape,
    'log-file': textShape,
    'chaining-mode': textShape,
    eni: openObjectShape({}),
  }),
  'weave-net': vendor({ hairpinMode: booleanShape, bridge: textShape, isGateway: booleanShape, mtu: numberShape() }),
  multus: vendor({
    confDir: textShape,
    cniDir: textShape,
    binDir: textShape,
    delegates: arrayShape(openObjectShape({})),
    clusterNetwork: textShape,
    defaultNetworks: arrayShape(textShape),
    kubeconfig: textShape,
    logFile: textShape,
    logLevel: textShape,
    logToStderr: booleanShape,
    readinessindicatorfile: textShape,
    namespaceIsolation: booleanShape,
    globalNamespaces: textShape,
    systemNamespaces: arrayShape(textShape),
    multusNamespace: textShape,
    retryDeleteOnError: booleanShape,
  }),
};

/** Of a plugin that netform does not know. */
export const unknownPluginShape: PluginShape = vendor({});
