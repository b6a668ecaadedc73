import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { RouteOptions, RouteType } from '../../../model/instruction.ts';
import { isJsonObject } from '../../../model/json.ts';
import {
  childCursor,
  listItems,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';

type RouteWords = { readonly type: RouteType; readonly options: RouteOptions };

/** Reports words of one route that exclude each other, or that are missing; false: it cannot be made as it is written. */
export function reportRouteContradictions(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { type, options }: RouteWords,
): boolean {
  const problems = [...wayProblems(node, type), ...optionProblems(node, { type, options })];
  for (const { key, name = 'bad-value', message, hint } of problems) {
    const place = key === null ? node : childCursor(node, key);
    report(makeDiagnostic(name, valueOfCursor(place), message, { hint }));
  }
  return problems.length === 0;
}

type RouteProblem = {
  /** The place of the mistake; null: the whole route. */
  readonly key: string | null;
  readonly name?: 'missing-key';
  readonly message: string;
  readonly hint: string;
};

const isWritten = (node: SourceCursor, key: string): boolean => childCursor(node, key).value !== undefined;

/** Where a route of a type leads. */
function wayProblems(node: SourceCursor, type: RouteType): readonly RouteProblem[] {
  const [hasVia, hasDev] = [listItems(childCursor(node, 'via')).length > 0, isWritten(node, 'dev')];
  if (type === 'unicast') {
    if (hasVia || hasDev) return [];
    const message = 'the route does not say where to: neither "via" nor "dev"';
    return [{ key: null, name: 'missing-key', message, hint: 'add `via: <address or name>`, or `type: blackhole`' }];
  }
  if (type === 'local') {
    if (hasVia)
      return [{ key: 'via', message: 'what is local has no next hop', hint: 'leave "via" out, or leave out the type' }];
    if (hasDev) return [];
    const message = 'a route of type local does not say whose it is: "dev" is missing';
    return [{ key: null, name: 'missing-key', message, hint: 'add `dev: lo`' }];
  }
  if (!hasVia && !hasDev) return [];
  const message = `a route of type ${type} has no "via" and no "dev"`;
  return [{ key: 'type', message, hint: 'leave them out, or leave out the type' }];
}

function optionProblems(node: SourceCursor, { type, options }: RouteWords): readonly RouteProblem[] {
  const { realms, scope } = options;
  const hops = listItems(childCursor(node, 'via'));
  const isByGateway = hops.some(({ value }) => !isJsonObject(value) || value['to'] !== undefined);
  return [
    ...(options.pref !== undefined && type !== 'unicast'
      ? [
          {
            key: 'pref',
            message: `"pref" is about routers: a route of type ${type} has none`,
            hint: 'leave one of the two out',
          },
        ]
      : []),
    ...(realms !== undefined && hops.length > 1
      ? [
          {
            key: 'realms',
            message: 'a route with several next hops has no realms of its own',
            hint: 'leave "realms" out, or write one next hop',
          },
        ]
      : []),
    ...scopeProblems({ type, scope, isByGateway }),
  ];
}

/** What the kernel refuses: a scope as narrow as that of the next hop, or one that the type does not have. */
function scopeProblems({
  type,
  scope,
  isByGateway,
}: {
  readonly type: RouteType;
  readonly scope: RouteOptions['scope'];
  readonly isByGateway: boolean;
}): readonly RouteProblem[] {
  if (scope === undefined) return [];
  if (type === 'local')
    return scope === 'host'
      ? []
      : [{ key: 'scope', message: `what is local has the scope host, not ${scope}`, hint: 'leave "scope" out' }];
  if (!isByGateway || scope === 'global' || scope === 'site') return [];
  const message = `a destination behind a next hop is farther than the scope ${scope}`;
  return [{ key: 'scope', message, hint: 'write global or site, or leave "scope" out' }];
}
