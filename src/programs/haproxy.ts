import { bracketIpv6 } from '../net/address.ts';
import { defineProgram, type ProgramPlace, runFolderOf } from './define-program.ts';
import {
  NO_RULE,
  type ProxyData,
  type ProxyListen,
  type ProxyPool,
  type ProxyRoute,
  pathPattern,
  proxyReady,
  proxySign,
  rankedRoutes,
  redirects,
  signSocket,
} from './proxy-data.ts';

const CONFIGURATION = 'haproxy.cfg';
const FALLBACK = 'default';

/** haproxy(1) as a master with a worker: at SIGUSR2 a new worker takes the sockets over, and no request is lost. */
export const haproxy = defineProgram<ProxyData>({
  name: 'haproxy',
  packages: ['haproxy'],
  render: (data, place) => ({ [CONFIGURATION]: whole(data, place) }),
  command: (_data, { folder }) => ['-W', '-db', '-f', `${folder}/${CONFIGURATION}`],
  check: (_data, { folder }) => ['haproxy', '-c', '-f', `${folder}/${CONFIGURATION}`],
  reload: 'USR2',
  ready: (data, place) =>
    proxyReady(data, {
      ...{ path: signSocket(runFolderOf(place)), ask: 'show info\n' },
      sign: proxySign(data, configuration(data)),
    }),
});

/** The configuration, and what the worker says of it at its socket. */
const whole = (data: ProxyData, place: ProgramPlace): string => {
  const [path, text] = [signSocket(runFolderOf(place)), configuration(data)];
  const socket = path === null ? [] : [`    stats socket ${path} mode 600 level admin expose-fd listeners`];
  return lines(['global', `    description ${proxySign(data, text)}`, ...socket, text.trimEnd()]);
};

function configuration(data: ProxyData): string {
  const { listen, routes, fallback } = data;
  const ordered = rankedRoutes(routes);
  const known = [...new Set(ordered.flatMap(({ route }) => route.host ?? []))];
  const others = ordered.filter(({ route }) => route.host === null);
  return lines([
    '    log stdout format raw local0 warning',
    'defaults',
    '    mode http',
    '    log global',
    '    option redispatch',
    '    option forwardfor',
    // A worker that gives way ends a connection with its next answer, not between two requests.
    '    option idle-close-on-response',
    '    retries 2',
    '    timeout connect 2s',
    '    timeout client 60s',
    '    timeout server 60s',
    '    timeout check 1s',
    '    timeout http-request 10s',
    '    timeout http-keep-alive 10s',
    'frontend ingress',
    ...listen.flatMap((one) => bindLines(one).map((line) => `    ${line}`)),
    ...redirects(listen).map((one) => `    ${redirectLine(one)}`),
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
    ...routes.flatMap((route, nth) => [`backend r${nth}`, ...rewriteLines(route), ...poolLines(route.pool)]),
    `backend ${FALLBACK}`,
    ...(fallback === null
      ? [`    http-request return status 404 content-type text/plain string "${NO_RULE}\\n"`]
      : poolLines(fallback)),
  ]);
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

/** The name alone, with the port of TLS where that is not the usual one: the port of the request is another. Without a host: all. */
const redirectLine = ({ host, port }: { readonly host: string | null; readonly port: number }): string => {
  const place = `https://%[req.hdr(host),field(1,:),lower]${port === 443 ? '' : `:${port}`}%[capture.req.uri]`;
  const whose = host === null ? '' : ` ${hostCondition(host)}`;
  return `http-request redirect code 308 location ${place} if !{ ssl_fc }${whose}`;
};

/** A socket for each family: of one for both it would see clients of IPv4 as `::ffff:10.0.0.2`. */
function bindLines({ port, tls }: ProxyListen): readonly string[] {
  const secure = tls === null ? '' : ` ssl crt ${tls.pem.path} alpn h2,http/1.1`;
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
const pattern = (path: string): string => pathPattern(path).replaceAll("'", "\\'");

function rewriteLines({ path, isExact, rewrite }: ProxyRoute): readonly string[] {
  if (rewrite === null) return [];
  if (rewrite.part === 'whole' || isExact) return [`    http-request set-path ${rewrite.path}`];
  const begin = path === '/' ? '' : pattern(path);
  return [`    http-request replace-path ^${begin}/?(.*)$ ${rewrite.path.replace(/\/?$/, '/')}\\1`];
}

const poolLines = ({ servers, check }: ProxyPool): readonly string[] => [
  '    balance roundrobin',
  ...(check === null ? [] : [`    option httpchk GET ${check.replaceAll("'", "\\'")}`]),
  ...servers.map(
    ({ address, port, weight }, nth) =>
      `    server s${nth} ${bracketIpv6(address)}:${port} weight ${weight} check inter 2s fastinter 1s fall 3 rise 1`,
  ),
];
