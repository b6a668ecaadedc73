import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { parseForwardTarget } from '../../source/normalise/port.ts';
import type {
  IngressCheck,
  TopologyIngress,
  TopologyIngressListen,
  TopologyIngressPath,
  TopologyIngressTarget,
} from './topology.ts';

/** `ingress` of a namespace; null: none is written. */
export function readIngress(node: SourceCursor, report: SourceDiagnosticReporter): TopologyIngress | null {
  if (!isJsonObject(node.value)) return null;
  const fallback = childCursor(node, 'default');
  return {
    at: node.path,
    listen: nonNull(listItems(childCursor(node, 'listen')).map((item) => withPath(item, readListen(item, report)))),
    paths: listItems(childCursor(node, 'rules')).flatMap((item) => readRoute(item, report)),
    check: readCheck(node, report),
    engine: readString(childCursor(node, 'engine')) === 'nginx' ? 'nginx' : 'haproxy',
    fallback: fallback.value === undefined ? null : readTargets(fallback, report),
  };
}

function readListen(node: SourceCursor, report: SourceDiagnosticReporter): TopologyIngressListen | null {
  const plain = readInteger(node);
  if (plain !== null) return { port: plain, tls: null };
  const port = readInteger(childCursor(node, 'port'));
  const tls = childCursor(node, 'tls');
  if (port === null) return null;
  if (!isJsonObject(tls.value)) return { port, tls: null };
  const hosts = nonNull(listItems(childCursor(tls, 'hosts')).map((item) => readHost(item, report)));
  const certificate = withPath(childCursor(tls, 'certificate'), readString(childCursor(tls, 'certificate')));
  if (hosts.length === 0 && certificate === null) {
    const hint = 'write hosts: [secure.lab.test], or certificate: FILE';
    report(makeDiagnostic('bad-value', valueOfCursor(tls), 'TLS without hosts and without a certificate', { hint }));
    return null;
  }
  return { port, tls: { hosts, certificate, redirect: readBoolean(childCursor(tls, 'redirect')) ?? false } };
}

const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

function readHost(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null) return null;
  const host = written.toLowerCase();
  if (HOST.test(host)) return host;
  const hint = 'write a name such as app.lab.test or *.lab.test, without a port';
  report(makeDiagnostic('bad-hostname', valueOfCursor(node), `${quoteText(written)} is not a host`, { hint }));
  return null;
}

function readRoute(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyIngressPath[] {
  const [written, to, paths] = [childCursor(node, 'host'), childCursor(node, 'to'), childCursor(node, 'paths')];
  const host = written.value === undefined ? null : readHost(written, report);
  if (written.value !== undefined && host === null) return [];
  const check = readCheck(node, report);
  if ((to.value === undefined) === (paths.value === undefined)) {
    const hint = 'write to: web:80 for all paths, or paths: { /api: "api:8080" }';
    const what = to.value === undefined ? 'neither "to" nor "paths"' : 'both "to" and "paths"';
    report(makeDiagnostic('bad-value', valueOfCursor(node), `a rule with ${what}`, { hint }));
    return [];
  }
  if (to.value !== undefined)
    return [{ host, path: '/', isExact: false, targets: readTargets(to, report), check, rewrite: null, at: node.path }];
  return namedEntries(paths).flatMap(({ name, node: entry }) => readPath(name, entry, { host, check, report }));
}

type PathContext = {
  readonly host: string | null;
  /** Of the rule. */
  readonly check: IngressCheck | null;
  readonly report: SourceDiagnosticReporter;
};

function readPath(
  name: string,
  node: SourceCursor,
  { host, check, report }: PathContext,
): readonly TopologyIngressPath[] {
  const isExact = name.startsWith('=');
  const path = name.replace(/^=\s*/, '');
  if (!PATH.test(path)) {
    const hint = 'write it from the root, such as /api or = /api';
    report(makeDiagnostic('bad-value', keyOfCursor(node), `${quoteText(name)} is not a path`, { hint }));
    return [];
  }
  const isMap = isJsonObject(node.value);
  const [part, whole] = [childCursor(node, 'rewrite'), childCursor(node, 'rewriteFull')];
  const rewrite = isMap ? (readRewrite(part, 'prefix', report) ?? readRewrite(whole, 'whole', report)) : null;
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return [
    {
      host,
      path: isExact ? path : plain,
      isExact,
      targets: readTargets(isMap ? childCursor(node, 'to') : node, report),
      check: (isMap ? readCheck(node, report) : null) ?? check,
      rewrite,
      at: node.path,
    },
  ];
}

/** What stands in the configuration of a program: nothing that it could take for something else. */
const PATH = /^\/[A-Za-z0-9/_.~!&'()*+,;=:@%-]*$/;

/** `check` of a map: a path, or false. */
function readCheck(parent: SourceCursor, report: SourceDiagnosticReporter): IngressCheck | null {
  const node = childCursor(parent, 'check');
  if (node.value === false) return { path: null, at: node.path };
  const path = node.value === true ? 'true' : readString(node);
  if (path === null) return null;
  if (PATH.test(path)) return { path, at: node.path };
  const hint = 'write it from the root, such as /healthz';
  report(makeDiagnostic('bad-value', valueOfCursor(node), `${quoteText(path)} is not a path`, { hint }));
  return null;
}

function readRewrite(
  node: SourceCursor,
  part: 'prefix' | 'whole',
  report: SourceDiagnosticReporter,
): TopologyIngressPath['rewrite'] {
  const path = readString(node);
  if (path === null) return null;
  if (/^\/[A-Za-z0-9/_.~!&()*+,;=:@-]*$/.test(path)) return { part, path };
  const hint = 'write it from the root, such as / or /api';
  report(makeDiagnostic('bad-value', valueOfCursor(node), `${quoteText(path)} is not a path`, { hint }));
  return null;
}

const readTargets = (
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyValue<TopologyIngressTarget>[] =>
  nonNull(listItems(node).map((item) => withPath(item, readTarget(item, report))));

function readTarget(node: SourceCursor, report: SourceDiagnosticReporter): TopologyIngressTarget | null {
  const to = isJsonObject(node.value) ? childCursor(node, 'to') : node;
  const text = readString(to);
  if (text === null) return null;
  const read = parseForwardTarget(text);
  const hint = 'write web:8080, web.apps:8080, 10.0.0.2:8080 or [fd00::2]:8080';
  if ('problem' in read) {
    report(makeDiagnostic('bad-port', valueOfCursor(to), read.problem, { hint }));
    return null;
  }
  const { target, ports } = read.value;
  if (ports === null || ports.first !== ports.last) {
    report(makeDiagnostic('bad-port', valueOfCursor(to), `${quoteText(text)} has no port`, { hint }));
    return null;
  }
  return { target, port: ports.first, weight: readInteger(childCursor(node, 'weight')) ?? 1, text };
}
