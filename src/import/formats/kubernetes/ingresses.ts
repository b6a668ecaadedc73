import type { Json } from '../../../model/json.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import type { Manifest } from './manifests.ts';
import type { ProxyRule } from './proxy-rules.ts';

/** The target `service.project:port` of a service's port by its number or its name; null: there is no such service. */
export type TargetOf = (namespace: string, service: string, port: Json | undefined) => string | null;

/** What all Ingresses of the cluster say together. */
export type IngressRules = {
  readonly rules: readonly ProxyRule[];
  readonly fallback: string | null;
  readonly tls: { readonly hosts: readonly string[]; readonly redirect: boolean } | null;
};

type IngressContext = { readonly targetOf: TargetOf; readonly leaveOut: (of: Manifest, why: string) => void };

const ANNOTATION = 'nginx.ingress.kubernetes.io/';

/** Ingresses as the rules of one proxy. Those of one host are joined; a canary takes its share of the path that it is for. */
export function ingressRules(ingresses: readonly Manifest[], context: IngressContext): IngressRules {
  const usual = ingresses.filter((one) => !isCanary(one));
  const rules = usual.flatMap((one) => rulesOf(one, context));
  const canaries = ingresses.filter(isCanary).flatMap((one) => {
    const weight = Number(one.annotations[`${ANNOTATION}canary-weight`] ?? Number.NaN);
    if (!(weight >= 0 && weight <= 100)) context.leaveOut(one, 'a canary without canary-weight');
    return weight >= 0 && weight <= 100 ? rulesOf(one, context).map((rule) => ({ rule, weight })) : [];
  });
  const shared = rules.map((rule) => {
    const canary = canaries.find((one) => one.rule.host === rule.host && one.rule.path === rule.path);
    if (canary === undefined) return rule;
    const own = rule.targets.map(({ to }) => ({ to, weight: 100 - canary.weight }));
    return { ...rule, targets: [...own, ...canary.rule.targets.map(({ to }) => ({ to, weight: canary.weight }))] };
  });
  const hosts = [
    ...new Set(
      ingresses.flatMap(({ spec }) => listValue(spec['tls']).flatMap((one) => textValues(mapValue(one)['hosts']))),
    ),
  ];
  const isPlain = ingresses.some((one) => one.annotations[`${ANNOTATION}ssl-redirect`] === 'false');
  return {
    rules: joined(shared),
    fallback:
      usual.map((one) => backendOf(one, one.spec['defaultBackend'], context)).find((one) => one !== null) ?? null,
    tls: hosts.length === 0 ? null : { hosts, redirect: !isPlain },
  };
}

const isCanary = ({ annotations }: Manifest): boolean => annotations[`${ANNOTATION}canary`] === 'true';

/** Of two rules about one path the first one counts, as with ingress-nginx. */
const joined = (rules: readonly ProxyRule[]): readonly ProxyRule[] =>
  [...new Map(rules.toReversed().map((one) => [`${one.host} ${one.isExact} ${one.path}`, one])).values()].toReversed();

function rulesOf(of: Manifest, context: IngressContext): readonly ProxyRule[] {
  const written = of.annotations[`${ANNOTATION}rewrite-target`] ?? null;
  return listValue(of.spec['rules']).flatMap((one) => {
    const { host, http } = mapValue(one);
    return listValue(mapValue(http)['paths']).flatMap((entry): ProxyRule[] => {
      const { path: text, pathType, backend } = mapValue(entry);
      const to = backendOf(of, backend, context);
      if (to === null) return [];
      const isExact = textValue(pathType) === 'Exact';
      const found = pathOf(textValue(text) ?? '/', written);
      if (found === null) context.leaveOut(of, `path ${textValue(text)}: a regular expression`);
      if (found === null) return [];
      return [{ host: textValue(host), isExact, targets: [{ to, weight: null }], ...found }];
    });
  });
}

/**
 * A path with what is made of it. With groups, `/api(/|$)(.*)` and `/$2` cut the prefix off; without one, the whole path is
 * replaced, as ingress-nginx does. Null: another regular expression.
 */
function pathOf(path: string, rewrite: string | null): Pick<ProxyRule, 'path' | 'rewrite'> | null {
  const [, prefix] = /^(\/[\w./-]*?)\/?\((?:\/\|\$|\.\*)\)(?:\(\.\*\))?$/.exec(path) ?? [];
  if (prefix !== undefined) {
    const [, kept] = /^(.*?)\/?\$\d$/.exec(rewrite ?? '') ?? [];
    return {
      path: prefix === '' ? '/' : prefix,
      rewrite: kept === undefined ? null : { part: 'rewrite', path: kept || '/' },
    };
  }
  if (/[()[\]*+?^$|\\]/.test(path)) return null;
  const isWhole = rewrite !== null && !rewrite.includes('$');
  return { path, rewrite: isWhole ? { part: 'rewriteFull', path: rewrite } : null };
}

/** The target of a backend; null where there is none, or none of these files. */
function backendOf(of: Manifest, written: Json | undefined, { targetOf, leaveOut }: IngressContext): string | null {
  const backend = mapValue(written);
  const service = mapValue(backend['service']);
  const name = textValue(service['name']) ?? textValue(backend['serviceName']);
  if (name === null) {
    if ('resource' in backend) leaveOut(of, 'a backend that is not a service');
    return null;
  }
  const port = mapValue(service['port']);
  const target = targetOf(of.namespace, name, port['number'] ?? port['name'] ?? backend['servicePort']);
  if (target === null) leaveOut(of, `the backend ${name}: its service has no such port`);
  return target;
}
