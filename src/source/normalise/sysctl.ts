import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import {
  keyOfCursor,
  namedEntries,
  nonNull,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../cursor.ts';

type NetnsSysctl = TopologyNetns['sysctls'][number];

/** The sysctls of a namespace, or of the host, where those that exist once a machine are fine too. */
export function readSysctlEntries(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  of: 'namespace' | 'host',
): readonly NetnsSysctl[] {
  const first = new Map<string, SourceCursor>();
  return nonNull(
    namedEntries(node).map(({ name, node }) => {
      const key = readKey(name, node, { report, of });
      const value = readValue(node, report);
      const twin = key === null ? undefined : first.get(key);
      if (twin) {
        const related = [{ at: keyOfCursor(twin), message: 'first written here' }];
        report(
          makeDiagnostic('duplicate-key', keyOfCursor(node), `"${name}" is set twice`, {
            related,
            hint: 'keep one of them',
          }),
        );
      }
      if (key === null || value === null || twin) return null;
      first.set(key, node);
      return { key, value, at: node.path };
    }),
  );
}

function readKey(
  name: string,
  node: SourceCursor,
  to: { report: SourceDiagnosticReporter; of: 'namespace' | 'host' },
): string | null {
  const key = toSlashKey(name);
  const bad = (message: string, hint: string | null) =>
    to.report(makeDiagnostic('bad-value', keyOfCursor(node), message, { hint }));
  if (!/^[A-Za-z0-9_.:@+-]+(?:\/[A-Za-z0-9_.:@+-]+)+$/.test(key) || key.split('/').some((part) => /^\.+$/.test(part))) {
    bad(`${JSON.stringify(name)} is not the key of a sysctl`, 'write it as net.ipv4.ip_forward or net/ipv4/ip_forward');
    return null;
  }
  if (to.of === 'host') {
    if (key.startsWith('net/')) return key;
    bad(`${name} is not a network setting`, 'only keys below net are set');
    return null;
  }
  if (key.startsWith('net/') && !HOST_ONLY.test(key)) return key;
  const message = `${name} is a setting of the whole machine, not of a namespace`;
  const hint = key.startsWith('net/') ? 'write it under `host: sysctls:` to set it on the machine' : 'leave it out';
  to.report(makeDiagnostic('host-key-sysctl', keyOfCursor(node), message, { hint }));
  return null;
}

/** As sysctl(8) reads keys: the first separator decides which of the two it is; the other one is then its opposite. */
function toSlashKey(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  if (separator !== '.') return name;
  return name.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'));
}

/** Keys that a new namespace does not have, or may only read (compared on Linux 6.18). */
const HOST_ONLY = new RegExp(
  `^net/(?:${[
    'core/(?!somaxconn$|optmem_max$|txrehash$|tstamp_allow_data$|xfrm_|bypass_prot_mem$|rps_default_mask$)',
    'ipv4/(?:route/(?!flush$|min_adv_mss$|min_pmtu$|mtu_expires$)|neigh/default/|tcp_mem$|udp_mem$|cipso_|inet_peer_)',
    'ipv4/(?:fib_sync_mem|ipfrag_secret_interval|tcp_available_|tcp_low_latency|tcp_max_orphans)',
    'ipv4/(?:tcp_allowed_congestion_control|tcp_ehash_entries|udp_hash_entries)',
    'ipv6/(?:neigh/default/|calipso_|ip6frag_secret_interval$|mld_)',
    'netfilter/(?:nf_log_all_netns|nf_conntrack_(?:buckets|count|expect_max|max))$',
    'nf_conntrack_max$',
    'ipv[46]/conf/[^/]+/mc_forwarding$',
    'mptcp/available_',
    'sunrpc/',
    'rds/',
  ].join('|')})`,
);

function readValue(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const { value } = node;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  // Printable ASCII: a line break would be a second write.
  if (/^[\x20-\x7e\t]{1,1024}$/.test(value)) return value.trim().replace(/\s+/g, ' ');
  report(makeDiagnostic('bad-value', valueOfCursor(node), 'the value of a sysctl is one line of plain text'));
  return null;
}

/** The entry of `host-key-sysctl` in docs/checks.md. */
export const hostKeySysctlDoc: CheckDoc = {
  name: 'host-key-sysctl',
  code: 'NF1016',
  title: 'Machine-wide sysctl in a namespace',
  explain: 'The key exists only once per machine. A namespace has no value of its own, so the lab cannot set it there.',
  bad: `
namespaces:
  red: { sysctls: { net.core.default_qdisc: fq } }
`,
  good: `
namespaces:
  red: { sysctls: { net.ipv4.ip_default_ttl: 32 } }
`,
};
