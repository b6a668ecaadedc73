import { CA_CERTIFICATE } from '../model/kernel/lab-process.ts';
import { sha256 } from '../model/values/hash.ts';
import { bracketIpv6 } from '../net/address.ts';
import { defineProgram, runFolderOf } from './define-program.ts';

/** A server that requests are sent to. */
export type ProxyServer = { readonly address: string; readonly port: number; readonly weight: number };

/** One path of a host (null: any), and what becomes of its requests. */
export type ProxyRoute = {
  readonly host: string | null;
  readonly path: string;
  readonly isExact: boolean;
  readonly servers: readonly ProxyServer[];
  readonly rewrite: { readonly part: 'prefix' | 'whole'; readonly path: string } | null;
};

/** A port; `tls` null: without TLS. `certificate`: the path of a PEM file; null: one that the CA of the proxy signs. */
export type ProxyListen = {
  readonly port: number;
  readonly tls: {
    readonly hosts: readonly string[];
    readonly certificate: string | null;
    readonly redirect: boolean;
  } | null;
};

/** What a reverse proxy does, whatever its program. */
export type ProxyData = {
  readonly listen: readonly ProxyListen[];
  readonly routes: readonly ProxyRoute[];
  /** Where the rest goes; null: an answer with 404. */
  readonly fallback: readonly ProxyServer[] | null;
};

const CONFIGURATION = 'haproxy.cfg';
const FALLBACK = 'default';
const CA_KEY = 'ca.key';

/** haproxy(1) as a master with a worker: at SIGUSR2 a new worker takes the sockets over, and no request is lost. */
export const haproxy = defineProgram<ProxyData>({
  name: 'haproxy',
  packages: ['haproxy'],
  render: (data, place) => ({ [CONFIGURATION]: configuration(data, runFolderOf(place)) }),
  command: (_data, { folder }) => ['-W', '-db', '-f', `${folder}/${CONFIGURATION}`],
  check: (_data, { folder }) => ['haproxy', '-c', '-q', '-f', `${folder}/${CONFIGURATION}`],
  prepare: ({ listen }, place) => {
    const own = listen.flatMap(({ tls }) => (tls !== null && tls.certificate === null ? [tls.hosts] : []));
    return own.length === 0
      ? []
      : [caCommand(runFolderOf(place)), ...own.flatMap((hosts) => certificateCommands(hosts, runFolderOf(place)))];
  },
  reload: 'USR2',
  ready: ({ listen }) => ({ by: 'port', protocol: 'tcp', port: listen[0]?.port ?? 80 }),
});

/** openssl(1) makes a CA when there is none yet. */
function caCommand(run: string) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${run}/${CA_KEY}`];
  const about = ['-subj', '/CN=netform lab CA', '-addext', 'basicConstraints=critical,CA:TRUE', '-days', '3650'];
  return {
    creates: `${run}/${CA_CERTIFICATE}`,
    command: ['openssl', 'req', '-x509', ...key, ...about, '-out', `${run}/${CA_CERTIFICATE}`],
  };
}

/** A key with a request, and the certificate that the CA makes of it, for each list of hosts. */
function certificateCommands(hosts: readonly string[], run: string) {
  const pem = certificatePath(hosts, run);
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${pem}.key`];
  return [
    {
      creates: `${pem}.csr`,
      command: [
        'openssl',
        'req',
        ...key,
        '-subj',
        `/CN=${(hosts[0] ?? '').slice(0, 60)}`,
        '-addext',
        `subjectAltName=${names}`,
        '-out',
        `${pem}.csr`,
      ],
    },
    {
      creates: pem,
      command: [
        'openssl',
        'x509',
        '-req',
        '-in',
        `${pem}.csr`,
        '-CA',
        `${run}/${CA_CERTIFICATE}`,
        '-CAkey',
        `${run}/${CA_KEY}`,
        '-CAcreateserial',
        '-copy_extensions',
        'copy',
        '-days',
        '800',
        '-out',
        pem,
      ],
    },
  ];
}

const certificatePath = (hosts: readonly string[], run: string): string =>
  `${run}/${sha256(hosts.join(' ')).slice(0, 12)}.pem`;

function configuration(data: ProxyData, run: string): string {
  const { listen, routes, fallback } = data;
  const ordered = routes
    .map((route, nth) => ({ route, name: `r${nth}` }))
    .toSorted((a, b) => rank(a.route) - rank(b.route));
  const known = [...new Set(ordered.flatMap(({ route }) => route.host ?? []))];
  const others = ordered.filter(({ route }) => route.host === null);
  const redirected = listen.flatMap(({ port, tls }) => {
    const hosts = tls !== null && tls.hosts.length > 0 ? tls.hosts : [null];
    return tls?.redirect ? hosts.map((host) => ({ host, port })) : [];
  });
  return text([
    'global',
    '    log stdout format raw local0 warning',
    'defaults',
    '    mode http',
    '    log global',
    '    option redispatch',
    '    option forwardfor',
    '    retries 2',
    '    timeout connect 2s',
    '    timeout client 60s',
    '    timeout server 60s',
    '    timeout http-request 10s',
    'frontend ingress',
    ...listen.flatMap((one) => bindLines(one, run).map((line) => `    ${line}`)),
    ...redirected.map((one) => `    ${redirectLine(one)}`),
    '    http-request set-header X-Forwarded-Proto https if { ssl_fc }',
    '    http-request set-header X-Forwarded-Proto http unless { ssl_fc }',
    '    http-request set-header X-Forwarded-Host %[req.hdr(host)]',
    // A host that has rules never falls to those of a wildcard, nor to those without a host.
    ...known.flatMap((host) => [
      ...ordered
        .filter(({ route }) => route.host === host)
        .map(({ route, name }) =>
          `    use_backend ${name} if ${hostCondition(host)} ${pathCondition(route)}`.trimEnd(),
        ),
      `    use_backend ${FALLBACK} if ${hostCondition(host)}`,
    ]),
    ...others.map(({ route, name }) => `    use_backend ${name}${condition(pathCondition(route))}`),
    `    default_backend ${FALLBACK}`,
    ...routes.flatMap((route, nth) => [`backend r${nth}`, ...rewriteLines(route), ...serverLines(route.servers)]),
    `backend ${FALLBACK}`,
    ...(fallback === null
      ? ['    http-request return status 404 content-type text/plain string "no rule of this ingress fits\\n"']
      : serverLines(fallback)),
  ]);
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Named hosts before wildcards, exact paths before others, the longest first. */
const rank = ({ host, path, isExact }: ProxyRoute): number =>
  (host?.startsWith('*') ? 1_000_000 : 0) + (isExact ? 0 : 100_000) - path.length;

/** The name alone, with the port of TLS where that is not the usual one: the port of the request is another. Without a host: all. */
const redirectLine = ({ host, port }: { readonly host: string | null; readonly port: number }): string => {
  const place = `https://%[req.hdr(host),field(1,:),lower]${port === 443 ? '' : `:${port}`}%[capture.req.uri]`;
  const whose = host === null ? '' : ` ${hostCondition(host)}`;
  return `http-request redirect code 308 location ${place} if !{ ssl_fc }${whose}`;
};

/** A socket for each family: of one for both it would see clients of IPv4 as `::ffff:10.0.0.2`. */
function bindLines({ port, tls }: ProxyListen, run: string): readonly string[] {
  const pem = tls === null ? null : (tls.certificate ?? certificatePath(tls.hosts, run));
  const secure = pem === null ? '' : ` ssl crt ${pem} alpn h2,http/1.1`;
  return [`bind :${port}${secure}`, `bind :::${port} v6only${secure}`];
}

/** `*.lab.test` is one label deep. The port of a host does not count. */
function hostCondition(host: string): string {
  const asked = 'req.hdr(host),field(1,:),lower';
  return host.startsWith('*.')
    ? `{ ${asked} -m reg ^[^.]+${host.slice(1).replaceAll('.', '\\.')}$ }`
    : `{ ${asked} -m str ${host} }`;
}

/** A path and what is below it; empty: everything. */
const pathCondition = ({ path, isExact }: ProxyRoute): string =>
  isExact
    ? `{ path -m str ${path.replaceAll("'", "\\'")} }`
    : path === '/'
      ? ''
      : `{ path -m reg ^${pattern(path)}(/.*)?$ }`;

const condition = (of: string): string => (of === '' ? '' : ` if ${of}`);

/** A path in a regular expression, in the configuration: a quote would begin a text. */
const pattern = (path: string): string => path.replace(/[.*+()']/g, '\\$&');

function rewriteLines({ path, isExact, rewrite }: ProxyRoute): readonly string[] {
  if (rewrite === null) return [];
  if (rewrite.part === 'whole' || isExact) return [`    http-request set-path ${rewrite.path}`];
  const begin = path === '/' ? '' : pattern(path);
  return [`    http-request replace-path ^${begin}/?(.*)$ ${rewrite.path.replace(/\/?$/, '/')}\\1`];
}

const serverLines = (servers: readonly ProxyServer[]): readonly string[] => [
  '    balance roundrobin',
  ...servers.map(
    ({ address, port, weight }, nth) =>
      `    server s${nth} ${bracketIpv6(address)}:${port} weight ${weight} check inter 2s fastinter 1s fall 3 rise 1`,
  ),
];
