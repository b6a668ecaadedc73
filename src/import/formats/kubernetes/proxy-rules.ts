import type { Json } from '../../../model/json.ts';
import { type JsonMap, oneOrList } from '../../result.ts';

/** Where a proxy sends requests of one host and path: what Ingresses and HTTPRoutes have in common. */
export type ProxyRule = {
  /** Null: any. */
  readonly host: string | null;
  readonly path: string;
  readonly isExact: boolean;
  readonly targets: readonly { readonly to: string; readonly weight: number | null }[];
  /** What takes the place of the path that matched, or of all of it. */
  readonly rewrite: { readonly part: 'rewrite' | 'rewriteFull'; readonly path: string } | null;
};

/** The rules of a proxy in the words of a topology: one entry per host, those of one host joined in order. */
export function proxyRules(rules: readonly ProxyRule[]): readonly JsonMap[] {
  const hosts = [...new Set(rules.map(({ host }) => host))];
  return hosts.map((host) => {
    const own = rules.filter((one) => one.host === host);
    const [only] = own;
    const isWhole = own.length === 1 && only?.path === '/' && !only.isExact && only.rewrite === null;
    const head = host === null ? {} : { host };
    if (isWhole) return { ...head, to: targetsOf(only) };
    return { ...head, paths: Object.fromEntries(own.map((one) => [pathKey(one), pathValue(one)])) };
  });
}

const pathKey = ({ path, isExact }: ProxyRule): string => (isExact ? `= ${path}` : path);

function pathValue(rule: ProxyRule): Json {
  const to = targetsOf(rule);
  return rule.rewrite === null ? (isText(to) ? to : { to }) : { to, [rule.rewrite.part]: rule.rewrite.path };
}

const isText = (value: Json): value is string => typeof value === 'string';

function targetsOf({ targets }: ProxyRule): Json {
  const isWeighted = targets.length > 1 && targets.some(({ weight }) => weight !== null);
  return oneOrList(targets.map(({ to, weight }) => (isWeighted ? { to, weight: weight ?? 1 } : to))) ?? [];
}
