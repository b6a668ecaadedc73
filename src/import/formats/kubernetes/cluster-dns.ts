import type { JsonMap } from '../../result.ts';

/** The address of the cluster's DNS service, as kubeadm gives it, one of each family. */
const ADDRESSES = ['10.96.0.10', 'fd00:96::a'] as const;

/** The server itself, as a pod. */
export const dnsPod = (bridge: string): JsonMap => ({
  project: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  interfaces: { eth0: { bridge } },
  dnsServer: { names: true },
});

/** The service in front of it. */
export const dnsService = (isDual: boolean): JsonMap => ({
  project: 'kube-system',
  to: { 'k8s-app': 'kube-dns' },
  ports: { dns: '53/udp', 'dns-tcp': 53 },
  clusterIP: isDual ? ADDRESSES : ADDRESSES[0],
});

/** What every pod has in its resolv.conf. */
export const clusterDns = (isDual: boolean): JsonMap => ({
  nameservers: isDual ? ADDRESSES : ADDRESSES[0],
  names: false,
  domain: 'cluster.local',
});
