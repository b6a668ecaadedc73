import type { LabModel } from '../../lab/model.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { addressId, processId } from '../../model/ids.ts';
import { type LabStoredFile, labRunFolder } from '../../model/kernel/lab-process.ts';
import type { LabName, LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { familyOf } from '../../net/address.ts';
import { haproxy } from '../../programs/haproxy.ts';
import { nginx } from '../../programs/nginx.ts';
import type { ProxyData, ProxyPool, ProxyServer } from '../../programs/proxy-data.ts';
import { certificatesOf, everywhere, ownCertificates } from './certificates.ts';
import { type LabCa, labCa } from './lab-ca.ts';
import { type IngressCheck, type TopologyIngress, type TopologyIngressTarget, writtenIngress } from './topology.ts';

/** The name of the process of a proxy. */
export const INGRESS_PROCESS = 'ingress';

/** The proxies, each with its process, its files and its ports; and the CA of the lab that signs their certificates. */
export function resolveIngresses(context: FeatureContext): FeatureContribution {
  const { world } = context;
  const written = everywhere(world.topology).flatMap((netns) => {
    const ingress = writtenIngress(netns);
    return ingress === null || ingress.listen.length === 0 ? [] : [{ netns, ingress }];
  });
  if (written.length === 0) return {};
  const own = written.flatMap(({ ingress }) => ownCertificates(ingress));
  const ca = own[0] === undefined ? null : labCa(context, own[0].at);
  const found = written.map((one) => toIngress(context, ca, one));
  const runs = found.map(({ netns, data, written: { engine, at }, secrets }) => {
    const links = new Set((world.addressesByNetns.get(netns) ?? []).map(({ link }) => link.name));
    const after = [...links].map((dev) => addressId(netns, dev));
    const place = { netns, name: INGRESS_PROCESS, at, after, folder: folderOf(world, netns) };
    return PROGRAMS[engine](
      data,
      place,
      secrets.map(({ path }) => path),
    );
  });
  return {
    value: found.map(({ netns, data, written, certificates }) => ({ netns, data, written, certificates })),
    processes: runs.map(({ process }) => process),
    storedFiles: [...runs.flatMap(({ storedFiles }) => storedFiles), ...(ca ? [ca.certificate] : [])],
    secrets: [...found.flatMap(({ secrets }) => secrets), ...(ca ? [ca.secret] : [])],
    ports: found.flatMap(({ netns, written }) => claims(netns, written)),
  };
}

const PROGRAMS = { haproxy, nginx } as const;

const folderOf = ({ topology }: LabModel, netns: string): string => `${labRunFolder(topology.name, netns)}/ingress`;

type WrittenIngress = { readonly netns: TopologyNetns; readonly ingress: TopologyIngress };

/** A proxy with the bytes of its certificates. Without a machine nothing is read; what cannot be read is refused by a check. */
function toIngress(context: FeatureContext, ca: LabCa | null, { netns, ingress }: WrittenIngress) {
  const { world, live, places } = context;
  const certificates = certificatesOf(ingress, places);
  const place = ({ port, at }: { readonly port: number; readonly at: Path }) => ({
    ...{ netns: netns.name, path: `${folderOf(world, netns.name)}/${port}.pem`, at },
  });
  const pems = new Map([
    ...certificates.map((one) => {
      const content = live.get({ need: 'file', key: one.path }) ?? '';
      return [one.port, { ...place(one), content }] as const;
    }),
    ...ownCertificates(ingress).flatMap((one) => {
      const made = ca?.pemFor(one.hosts, place(one));
      return made ? [[one.port, made] as const] : [];
    }),
  ]);
  const data = toData({ ...context, netns, pems }, ingress);
  return { netns: netns.name, written: ingress, certificates, secrets: [...pems.values()], data };
}

const claims = (netns: string, { listen }: TopologyIngress): readonly LabPortClaim[] =>
  listen.flatMap(({ value: { port }, at }) =>
    ([4, 6] as const).map((family) => ({
      ...{ netns, family, address: null, ports: { first: port, last: port }, protocols: ['tcp'] as const, at },
      use: 'taken by its ingress',
      process: processId(netns, INGRESS_PROCESS),
    })),
  );

type PoolContext = Pick<FeatureContext, 'world' | 'named'> & {
  readonly netns: TopologyNetns;
  /** By port. */
  readonly pems: ReadonlyMap<number, LabStoredFile>;
};

function toData({ world, named, netns, pems }: PoolContext, written: TopologyIngress): ProxyData {
  const pool = (targets: readonly TopologyValue<TopologyIngressTarget>[], check: IngressCheck | null): ProxyPool => ({
    servers: targets.flatMap((target) => serversOf(world, named, netns, target)),
    check: (check ?? written.check)?.path ?? null,
  });
  return {
    listen: written.listen.map(({ value: { port, tls } }) => {
      const { path, content, isMade } = pems.get(port) ?? { path: '', content: '' };
      const pem = { path, sign: isMade ? (tls?.hosts ?? []).join(' ') : sha256Latin1(content) };
      return { port, tls: tls && { hosts: tls.hosts, redirect: tls.redirect, pem } };
    }),
    routes: written.paths.map(({ host, path, isExact, targets, check, rewrite }) => ({
      ...{ host, path, isExact, rewrite },
      pool: pool(targets, check),
    })),
    fallback: written.fallback && pool(written.fallback, null),
  };
}

/** The servers of a target, in the first family that the proxy and the target have; of a service its address. */
function serversOf(
  world: LabModel,
  named: readonly LabName[],
  netns: TopologyNetns,
  { value: { target, port, weight }, at }: TopologyValue<TopologyIngressTarget>,
): readonly ProxyServer[] {
  const toServer = (address: string): ProxyServer => ({ address, port, weight });
  if ('address' in target) return [toServer(target.address)];
  const { name, part } = target.ref;
  const service = part === null ? named.find((one) => isCalled(one, name, projectOf(netns))) : undefined;
  if (service) {
    const all = inOneFamily(world, netns.name, service.addresses);
    return (service.service?.isHeadless ? all : all.slice(0, 1)).map(toServer);
  }
  const addresses = resolveNameAddresses(world, { value: target.ref, at });
  if (addresses === null) return [];
  const shared = addressesOnSharedLan(world, netns.name, addresses);
  const usable = (shared.length > 0 ? shared : addresses).filter(({ link }) => link.kind !== 'lo');
  const [address] = inOneFamily(
    world,
    netns.name,
    usable.map((one) => one.address),
  );
  if (address !== undefined) return [toServer(address)];
  const hint = 'give it one, or send the requests to another namespace';
  world.report(
    makeDiagnostic('ingress-target', atValue(at), `${name} has no address that requests could be sent to`, { hint }),
  );
  return [];
}

/** By its name in the own project, `web.apps` elsewhere, or as the file writes it. */
const isCalled = ({ name, service }: LabName, asked: string, project: string): boolean =>
  service === undefined
    ? name === asked
    : asked === `${service.name}.${service.project}` ||
      asked === name ||
      (asked === service.name && service.project === project);

function inOneFamily(world: LabModel, netns: string, addresses: readonly string[]): readonly string[] {
  const own = new Set((world.addressesByNetns.get(netns) ?? []).map(({ address }) => familyOf(address)));
  const families = ([4, 6] as const).filter(
    (family) => own.has(family) && addresses.some((one) => familyOf(one) === family),
  );
  const [first] = families;
  return addresses.filter((one) => familyOf(one) === (first ?? familyOf(addresses[0] ?? '')));
}
