/** As sysctl(8) reads keys: the first separator decides which of the two it is; the other one is then its opposite. */
export function toSlashKey(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  if (separator !== '.') return name;
  return name.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'));
}

/** Keys that a new namespace does not have, or may only read, while the machine can write them (compared on Linux 6.18). */
const HOST_ONLY = new RegExp(
  `^net/(?:${[
    'core/(?!somaxconn$|optmem_max$|txrehash$|tstamp_allow_data$|xfrm_|bypass_prot_mem$|rps_default_mask$)',
    'ipv4/(?:route/(?!flush$|min_adv_mss$|min_pmtu$|mtu_expires$)|neigh/default/|tcp_mem$|udp_mem$|cipso_|inet_peer_)',
    'ipv4/(?:fib_sync_mem|ipfrag_secret_interval|tcp_low_latency|tcp_max_orphans|tcp_allowed_congestion_control)',
    'ipv6/(?:neigh/default/|calipso_|ip6frag_secret_interval$|mld_)',
    'netfilter/(?:nf_log_all_netns|nf_conntrack_(?:buckets|expect_max|max))$',
    'nf_conntrack_max$',
    'sunrpc/',
    'rds/',
  ].join('|')})`,
);

/** Whether a key exists once a machine, so that a namespace has no value of its own. Takes slash keys. */
export const isMachineSysctl = (key: string): boolean => HOST_ONLY.test(key);

/** What can be done with a key everywhere (file modes on Linux 6.18): keys that only inform, and keys that only trigger. */
export function sysctlAccess(key: string): 'read-write' | 'read-only' | 'write-only' {
  if (/^net\/ipv[46]\/route\/flush$/.test(key)) return 'write-only';
  return READ_ONLY.test(key) ? 'read-only' : 'read-write';
}

const READ_ONLY =
  /^net\/(?:ipv[46]\/conf\/[^/]+\/mc_forwarding|ipv4\/(?:tcp_available_\w+|tcp_ehash_entries|udp_hash_entries)|netfilter\/nf_conntrack_count|mptcp\/available_\w+)$/;
