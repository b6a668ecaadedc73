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

const CONFIGURATION = 'nginx.conf';
const FALLBACK = 'default';

/** nginx(8) as a master with one worker, so that weights are exact: at SIGHUP a new worker takes the sockets over. */
export const nginx = defineProgram<ProxyData>({
  name: 'nginx',
  packages: ['nginx', 'nginx-common'],
  render: (data, place) => ({ [CONFIGURATION]: whole(data, place) }),
  command: (_data, place) => words(place),
  check: (_data, place) => ['nginx', '-t', '-q', ...words(place)],
  // One that was killed leaves its socket, and does not start over it.
  prepare: (_data, place) => {
    const path = signSocket(runFolderOf(place));
    return path === null ? [] : [{ creates: null, command: ['rm', '-f', path] }];
  },
  reload: 'HUP',
  ready: (data, place) =>
    proxyReady(data, {
      ...{ path: signSocket(runFolderOf(place)), ask: 'GET / HTTP/1.0\r\n\r\n' },
      sign: proxySign(data, configuration(data)),
    }),
});

/** Its prefix is the folder for what it writes: nothing of it lies elsewhere. */
const words = (place: ProgramPlace): readonly string[] => [
  ...['-p', runFolderOf(place), '-e', 'stderr', '-c', `${place.folder}/${CONFIGURATION}`],
];

/** The configuration, and a server that says at a socket which one it is. */
const whole = (data: ProxyData, place: ProgramPlace): string => {
  const [path, text] = [signSocket(runFolderOf(place)), configuration(data)];
  const socket = path === null ? [] : [`  server { listen unix:${path}; return 200 "${proxySign(data, text)}"; }`];
  return lines([
    'daemon off; user root; worker_processes 1; pid nginx.pid; error_log stderr warn;',
    'events { worker_connections 1024; }',
    'http {',
    '  access_log off; server_tokens off; default_type application/octet-stream; server_names_hash_bucket_size 256;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${name};`),
    text.trimEnd(),
    ...socket,
    '}',
  ]);
};

function configuration(data: ProxyData): string {
  const { listen, routes, fallback } = data;
  const ordered = rankedRoutes(routes);
  const known = [...new Set(ordered.flatMap(({ route }) => route.host ?? []))];
  const named = redirects(listen);
  // A host that is only sent to TLS has no rules of its own: those without a host hold for it.
  const hosts = [...new Set([...known, ...named.flatMap(({ host }) => host ?? [])])];
  return lines([
    '  proxy_http_version 1.1; proxy_connect_timeout 2s; proxy_read_timeout 60s; client_max_body_size 0;',
    '  map $http_upgrade $connection_kind { default upgrade; "" ""; } merge_slashes off;',
    '  proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_kind;',
    '  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;',
    '  proxy_set_header X-Forwarded-Host $http_host;',
    ...routes.map(({ pool }, nth) => poolText(`r${nth}`, pool)),
    ...(fallback === null ? [] : [poolText(FALLBACK, fallback)]),
    ...listen.flatMap((port) =>
      [null, ...hosts].map((host) => {
        const own = ordered.filter(({ route }) => route.host === (host !== null && known.includes(host) ? host : null));
        return serverText(port, host, {
          to: port.tls === null ? (named.find((one) => one.host === host || one.host === null)?.port ?? null) : null,
          places: [...own.map(({ route, name }) => placeText(route, name)), ...lastPlace(own, fallback)],
        });
      }),
    ),
  ]);
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const poolText = (name: string, { servers }: ProxyPool): string =>
  `  upstream ${name} {${servers
    .map(({ address, port, weight }) => ` server ${bracketIpv6(address)}:${port} weight=${weight};`)
    .join('')} }`;

/** A server for one port and one host; the host null: all others. `to`: the port of TLS that requests are sent to; null: none. */
function serverText(
  { port, tls }: ProxyListen,
  host: string | null,
  { to, places }: { readonly to: number | null; readonly places: readonly string[] },
): string {
  const [secure, first] = [tls === null ? '' : ' ssl http2', host === null ? ' default_server' : ''];
  const only = host === null ? ' ipv6only=on' : '';
  const pem = tls === null ? '' : ` ssl_certificate ${tls.pem.path}; ssl_certificate_key ${tls.pem.path};`;
  const place = to === null ? '' : ` return 308 https://$host${to === 443 ? '' : `:${to}`}$request_uri;`;
  return lines([
    `  server { listen ${port}${first}${secure}; listen [::]:${port}${only}${first}${secure};${pem}`,
    `    server_name ${host === null ? '""' : serverName(host)};${place}`,
    ...(to === null ? places.map((one) => `    ${one}`) : []),
    '  }',
  ]).trimEnd();
}

/** `*.lab.test` is one label deep. */
const serverName = (host: string): string =>
  host.startsWith('*.') ? `"~^[^.]+${host.slice(1).replaceAll('.', '\\.')}$"` : host;

/** A path and what is below it. Expressions are tried in their order, which is that of the rules. */
function placeText({ path, isExact, rewrite }: ProxyRoute, name: string): string {
  const where = isExact ? `= "${path}"` : path === '/' ? '~ "^/"' : `~ "^${pathPattern(path)}(?:/|$)"`;
  return `location ${where} {${rewriteText({ path, isExact, rewrite })} proxy_pass http://${name}; }`;
}

function rewriteText({ path, isExact, rewrite }: Pick<ProxyRoute, 'path' | 'isExact' | 'rewrite'>): string {
  if (rewrite === null) return '';
  if (rewrite.part === 'whole' || isExact) return ` rewrite ^ "${rewrite.path}" break;`;
  const begin = path === '/' ? '' : pathPattern(path);
  return ` rewrite "^${begin}/?(.*)$" "${rewrite.path.replace(/\/?$/, '/')}$1" break;`;
}

/** Where the rest goes, unless a rule is about every path. */
const lastPlace = (own: readonly { readonly route: ProxyRoute }[], fallback: ProxyPool | null): readonly string[] => {
  if (own.some(({ route: { path, isExact } }) => path === '/' && !isExact)) return [];
  return [
    fallback === null
      ? `location / { default_type text/plain; return 404 "${NO_RULE}\\n"; }`
      : `location / { proxy_pass http://${FALLBACK}; }`,
  ];
};
