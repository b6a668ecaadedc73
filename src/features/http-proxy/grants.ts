import type { GrantNeed } from '../../model/results/grant.ts';
import type { Topology } from '../../model/topology.ts';
import { writtenIngress } from './topology.ts';

/** Each certificate that is named by its path: the proxy itself reads it. */
export const ingressGrants = ({ namespaces }: Topology): readonly GrantNeed[] =>
  namespaces.flatMap((one) =>
    (writtenIngress(one)?.listen ?? []).flatMap(({ value: { tls }, at }) =>
      tls?.certificate
        ? [{ grant: 'file' as const, what: `the file ${tls.certificate}`, at, path: tls.certificate }]
        : [],
    ),
  );
