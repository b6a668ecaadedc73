import { resolve } from 'node:path';
import type { FilePlaces } from '../../model/files/file-places.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import type { Topology, TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { type CertificateReading, readCertificate } from '../../net/keys/read-certificate.ts';
import { caQuery } from './lab-ca.ts';
import { type LabCertificate, type TopologyIngress, writtenIngress } from './topology.ts';

/** Where an ingress can be written. */
export const everywhere = ({ namespaces, host }: Topology): readonly TopologyNetns[] => [...namespaces, host];

/** The files with certificates that proxies are given, and what has to be known to make others. */
export const ingressQuery = (topology: Topology, places: FilePlaces): Query =>
  everywhere(topology).flatMap((netns) => {
    const written = writtenIngress(netns);
    if (written === null) return [];
    return [
      ...certificateQuery(certificatesOf(written, places)),
      ...(ownCertificates(written).length > 0 ? caQuery : []),
    ];
  });

/** The hosts that the CA of the lab signs a certificate for, by port. */
export const ownCertificates = ({ listen }: TopologyIngress) =>
  listen.flatMap(({ value: { port, tls }, at }) =>
    tls === null || tls.certificate !== null ? [] : [{ port, hosts: tls.hosts, at }],
  );

/** The absolute path of a file that is named beside the topology, or by its whole path. */
const certificateSource = ({ value }: TopologyValue<string>, { folder }: FilePlaces): string => resolve(folder, value);

/** The certificates that a proxy is given, and the hosts that they are to be for: those of the port, else those of the rules. */
export const certificatesOf = (
  { listen, paths }: TopologyIngress,
  places: FilePlaces,
): readonly (LabCertificate & { readonly port: number })[] =>
  listen.flatMap(({ value: { port, tls } }) => {
    if (tls === null || tls.certificate === null) return [];
    const hosts = tls.hosts.length > 0 ? tls.hosts : [...new Set(paths.flatMap(({ host }) => host ?? []))];
    return [{ port, path: certificateSource(tls.certificate, places), hosts, at: tls.certificate.at }];
  });

/** What has to be read to know them. */
export const certificateQuery = (certificates: readonly LabCertificate[]): Query =>
  certificates.map(({ path: key }) => ({ need: 'file', key }));

/** The certificate of a file that was asked for; null: there is none, or it cannot be read. */
export function certificateIn({ path }: LabCertificate, live: LiveState): CertificateReading | null {
  const bytes = live.get({ need: 'file', key: path });
  return bytes === null ? null : readCertificate(bytes);
}
