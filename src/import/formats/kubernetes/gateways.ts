import type { Json } from '../../../model/json.ts';
import type { JsonMap } from '../../result.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import type { TargetOf } from './ingresses.ts';
import type { Manifest } from './manifests.ts';
import type { ProxyRule } from './proxy-rules.ts';

/** A Gateway with the rules of all routes that are attached to it. */
export type ClusterGateway = {
  readonly of: Manifest;
  readonly ports: readonly { readonly port: number; readonly tlsHosts: readonly string[] | null }[];
  readonly rules: readonly ProxyRule[];
};

type HttpRouteContext = { readonly targetOf: TargetOf; readonly leaveOut: (of: Manifest, why: string) => void };

/** The Gateways, each with its HTTPRoutes. */
export function gatewaysOf(manifests: readonly Manifest[], context: HttpRouteContext): readonly ClusterGateway[] {
  const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
  const routes = manifests.filter(({ kind }) => kind === 'HTTPRoute');
  for (const route of routes)
    if (!gateways.some((one) => isAttached(route, one)))
      context.leaveOut(route, 'its Gateway is in none of these files');
  return gateways.map((of) => ({
    of,
    ports: listValue(of.spec['listeners']).flatMap((one) => listenerPort(of, mapValue(one), context)),
    rules: routes.filter((route) => isAttached(route, of)).flatMap((route) => rulesOf(route, context)),
  }));
}

function isAttached(route: Manifest, gateway: Manifest): boolean {
  const isOpen = listValue(gateway.spec['listeners']).some(
    (one) => mapValue(mapValue(mapValue(one)['allowedRoutes'])['namespaces'])['from'] !== 'Same',
  );
  return listValue(route.spec['parentRefs']).some((one) => {
    const { name, namespace } = mapValue(one);
    const own = textValue(namespace) ?? route.namespace;
    const isThere = textValue(name) === gateway.name && own === gateway.namespace;
    return isThere && (isOpen || route.namespace === gateway.namespace);
  });
}

function listenerPort(of: Manifest, listener: JsonMap, { leaveOut }: HttpRouteContext): ClusterGateway['ports'] {
  const { port, protocol, hostname } = listener;
  const kind = textValue(protocol) ?? 'HTTP';
  if (typeof port !== 'number' || (kind !== 'HTTP' && kind !== 'HTTPS')) {
    leaveOut(of, `the listener ${textValue(listener['name']) ?? ''} of ${kind}`);
    return [];
  }
  return [{ port, tlsHosts: kind === 'HTTPS' ? textValues(hostname) : null }];
}

function rulesOf(route: Manifest, context: HttpRouteContext): readonly ProxyRule[] {
  const hosts = textValues(route.spec['hostnames']);
  return listValue(route.spec['rules']).flatMap((one) => {
    const rule = mapValue(one);
    const targets = listValue(rule['backendRefs']).flatMap((ref) => {
      const { name, namespace, port, weight } = mapValue(ref);
      const service = textValue(name) ?? '';
      const to = context.targetOf(textValue(namespace) ?? route.namespace, service, port);
      if (to === null) context.leaveOut(route, `the backend ${service}: its service has no such port`);
      return to === null || weight === 0 ? [] : [{ to, weight: typeof weight === 'number' ? weight : null }];
    });
    const rewrite = rewriteOf(route, rule, context);
    if (targets.length === 0 || rewrite === 'unsaid') return [];
    return matchesOf(route, rule, context).flatMap((match) =>
      (hosts.length === 0 ? [null] : hosts).map((host) => ({ host, targets, rewrite, ...match })),
    );
  });
}

/** The paths that a rule is for; one that looks at headers, parameters or methods is left out. */
function matchesOf(
  route: Manifest,
  rule: JsonMap,
  { leaveOut }: HttpRouteContext,
): readonly Pick<ProxyRule, 'path' | 'isExact'>[] {
  const matches = listValue(rule['matches']);
  if (matches.length === 0) return [{ path: '/', isExact: false }];
  return matches.flatMap((one) => {
    const match = mapValue(one);
    const { type, value } = mapValue(match['path']);
    const others = Object.keys(match).filter((key) => key !== 'path');
    if (others.length > 0 || textValue(type) === 'RegularExpression') {
      leaveOut(route, `a match by ${others.length > 0 ? others.join(' and ') : 'regular expression'}`);
      return [];
    }
    return [{ path: textValue(value) ?? '/', isExact: textValue(type) === 'Exact' }];
  });
}

function rewriteOf(route: Manifest, rule: JsonMap, { leaveOut }: HttpRouteContext): ProxyRule['rewrite'] | 'unsaid' {
  let rewrite: ProxyRule['rewrite'] = null;
  for (const one of listValue(rule['filters'])) {
    const filter = mapValue(one);
    const type = textValue(filter['type']) ?? '';
    const path: { readonly [key: string]: Json } = mapValue(mapValue(filter['urlRewrite'])['path']);
    const [prefix, whole] = [textValue(path['replacePrefixMatch']), textValue(path['replaceFullPath'])];
    if (type === 'URLRewrite' && prefix !== null) rewrite = { part: 'rewrite', path: prefix || '/' };
    else if (type === 'URLRewrite' && whole !== null) rewrite = { part: 'rewriteFull', path: whole };
    else {
      leaveOut(route, `the filter ${type}`);
      if (type === 'RequestRedirect') return 'unsaid';
    }
  }
  return rewrite;
}
