import type { ProcessReady } from '../model/kernel/lab-process.ts';
import { sha256 } from '../model/values/hash.ts';

/** The programs that can be a reverse proxy. */
export type ProxyEngine = 'haproxy' | 'nginx';

/** A server that requests are sent to. */
export type ProxyServer = { readonly address: string; readonly port: number; readonly weight: number };

/** Servers that share requests; `check`: the path at which each has to answer with 2xx or 3xx, null: its port has to take connections. */
export type ProxyPool = { readonly servers: readonly ProxyServer[]; readonly check: string | null };

/** One path of a host (null: any), and what becomes of its requests. */
export type ProxyRoute = {
  readonly host: string | null;
  readonly path: string;
  readonly isExact: boolean;
  readonly pool: ProxyPool;
  readonly rewrite: { readonly part: 'prefix' | 'whole'; readonly path: string } | null;
};

/** A port; `tls` null: without TLS. `pem`: the path of certificate and key, and a text that is another one for another certificate. */
export type ProxyListen = {
  readonly port: number;
  readonly tls: {
    readonly hosts: readonly string[];
    readonly pem: { readonly path: string; readonly sign: string };
    readonly redirect: boolean;
  } | null;
};

/** What a reverse proxy does, whatever its program. */
export type ProxyData = {
  readonly listen: readonly ProxyListen[];
  readonly routes: readonly ProxyRoute[];
  /** Where the rest goes; null: an answer with 404. */
  readonly fallback: ProxyPool | null;
};

/** What a proxy answers with when no rule fits. */
export const NO_RULE = 'no rule of this ingress fits';

/** What a proxy says of the configuration that it has read: `netform:v1:` and a digest of it, its certificates included. */
export const proxySign = (data: ProxyData, configuration: string): string =>
  `netform:v1:${sha256([configuration, ...data.listen.map(({ tls }) => tls?.pem.sign ?? '')].join('\0'))}`;

/** A program puts up to 12 characters more to the path of a new socket before that takes the place of another (unix(7): 107). */
const MAX_SOCKET_PATH = 94;

/** Where a proxy says which configuration it has read; null: the names of lab and namespace are too long for a socket. */
export const signSocket = (folder: string): string | null =>
  `${folder}/ctl`.length <= MAX_SOCKET_PATH ? `${folder}/ctl` : null;

/** A proxy is ready when it says the sign; where it cannot, when it listens. */
export const proxyReady = (
  { listen }: ProxyData,
  { path, ask, sign }: { readonly path: string | null; readonly ask: string; readonly sign: string },
): ProcessReady =>
  path === null
    ? { by: 'port', protocol: 'tcp', port: listen[0]?.port ?? 80 }
    : { by: 'sign', path, ask, answer: sign };

/** Named hosts before wildcards, exact paths before others, the longest first; each with the name of its pool. */
export const rankedRoutes = (
  routes: readonly ProxyRoute[],
): readonly { readonly route: ProxyRoute; readonly name: string }[] =>
  routes.map((route, nth) => ({ route, name: `r${nth}` })).toSorted((a, b) => rank(a.route) - rank(b.route));

const rank = ({ host, path, isExact }: ProxyRoute): number =>
  (host?.startsWith('*') ? 1_000_000 : 0) + (isExact ? 0 : 100_000) - path.length;

/** The ports that requests without TLS are sent to, with the host that it is about; null: all. */
export const redirects = (
  listen: readonly ProxyListen[],
): readonly { readonly host: string | null; readonly port: number }[] =>
  listen.flatMap(({ port, tls }) => {
    const hosts = tls !== null && tls.hosts.length > 0 ? tls.hosts : [null];
    return tls?.redirect ? hosts.map((host) => ({ host, port })) : [];
  });

/** A path in a regular expression. */
export const pathPattern = (path: string): string => path.replace(/[.*+()]/g, '\\$&');
