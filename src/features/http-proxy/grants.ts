import type { GrantNeed } from '../../model/results/grant.ts';
import type { Topology } from '../../model/topology.ts';
import { writtenIngress } from './topology.ts';

/** Each certificate that is named by a path outside the topology's folder. */
export const ingressGrants = ({ host, namespaces }: Topology): readonly GrantNeed[] =>
  [host, ...namespaces].flatMap((one) =>
    (writtenIngress(one)?.listen ?? []).flatMap(({ value: { tls } }): readonly GrantNeed[] => {
      const { value = '', at = [] } = tls?.certificate ?? {};
      return value.startsWith('/') ? [{ grant: 'file', what: `the file ${value}`, at, path: value }] : [];
    }),
  );
