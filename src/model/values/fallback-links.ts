/**
 * Links that the kernel puts into every namespace when it loads the driver of a tunnel (net.core.fb_tunnels_only_for_init_net):
 * they take what no other tunnel of that driver takes, and cannot be deleted.
 */
const FALLBACK_LINKS: ReadonlySet<string> = new Set(
  'sit0 tunl0 ip6tnl0 gre0 gretap0 erspan0 ip6gre0 ip6gretap0 ip6erspan0 ip_vti0 ip6_vti0 teql0'.split(' '),
);

/** Whether a link with this name is such a one. */
export const isFallbackLink = (name: string): boolean => FALLBACK_LINKS.has(name);
