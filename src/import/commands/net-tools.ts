import { omitEmpty } from '../result.ts';
import { type CommandReader, linkConfig } from './config.ts';
import { addBridge } from './ip-link.ts';
import { asPrefix, isAddressText, maskLength, namedWords } from './named-words.ts';

/** `ifconfig eth1 10.0.2.1/24 up`. */
export const readIfconfigCommand: CommandReader = (config, [dev, ...words], { nameOf }) => {
  const { plain, named } = namedWords(words, {
    netmask: 'mask',
    mtu: 'mtu',
    broadcast: 'broadcast',
    ether: 'mac',
    add: 'add',
  });
  const [address, ...more] = plain.filter((word) => !['up', 'down', 'hw', 'inet', 'inet6'].includes(word));
  const mask = named.get('mask');
  const length = mask === undefined ? null : maskLength(mask);
  if (dev === undefined || more.length > 0 || (mask !== undefined && length === null)) return false;
  if (address !== undefined && !isAddressText(address)) return false;
  const link = linkConfig(config, nameOf(dev));
  // The classes of addresses give those their length that have none.
  if (address !== undefined)
    link.addresses.push(address.includes('/') ? address : `${address}/${length ?? classLength(address)}`);
  const added = named.get('add');
  if (added !== undefined) link.addresses.push(asPrefix(added));
  link.mac = named.get('mac')?.toLowerCase() ?? link.mac;
  link.mtu = named.has('mtu') ? Number(named.get('mtu')) : link.mtu;
  link.isDown = plain.includes('down');
  return true;
};

function classLength(address: string): number {
  if (address.includes(':')) return 128;
  const first = Number(address.split('.')[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** `route add default gw 10.0.0.1`, `route add -net 10.1.0.0 netmask 255.255.0.0 gw 10.0.0.1`. */
export const readRouteCommand: CommandReader = (config, [verb, ...words], { nameOf }) => {
  const { plain, named } = namedWords(words, { gw: 'via', dev: 'dev', netmask: 'mask', metric: 'metric' });
  const [to, dev, ...more] = plain.filter((word) => !['-net', '-host', '-A', 'inet', 'inet6'].includes(word));
  const mask = named.get('mask');
  const length = mask === undefined ? null : maskLength(mask);
  if (verb !== 'add' || to === undefined || more.length > 0 || (mask !== undefined && length === null)) return false;
  const via = named.get('via');
  const device = named.get('dev') ?? dev;
  if (via === undefined && device === undefined) return false;
  const metric = named.get('metric');
  config.routes.push(
    omitEmpty({
      to: to === 'default' || to === '0.0.0.0' ? 'default' : length === null ? asPrefix(to) : `${to}/${length}`,
      via: via ?? null,
      dev: via === undefined && device !== undefined ? nameOf(device) : null,
      metric: metric === undefined ? null : Number(metric),
    }),
  );
  return true;
};

/** `brctl addbr|addif|stp|setbridgeprio`. */
export const readBrctlCommand: CommandReader = (config, [verb, bridge, ...words], { nameOf }) => {
  if (bridge === undefined) return false;
  const name = nameOf(bridge);
  const [first = ''] = words;
  if (verb === 'addbr') addBridge(config, name);
  else if (verb === 'addif') for (const port of words) linkConfig(config, nameOf(port)).master = name;
  else if (verb === 'stp') config.bridges.set(name, { ...config.bridges.get(name), stp: /^(?:on|yes|1)$/.test(first) });
  else if (verb === 'setbridgeprio') config.bridges.set(name, { ...config.bridges.get(name), priority: Number(first) });
  else return false;
  return true;
};
