import { isJsonObject } from '../../model/json.ts';
import type { Chain, FilterCondition, FilterRule, Verdict } from '../../model/kernel/firewall.ts';

type NftJsonNode = { readonly [key: string]: unknown };

/**
 * The chains of those tables in which forwarded packets are filtered. `list` gives what libnftables answers to a command in
 * JSON (libnftables-json(5)); an answer that is none gives no chains.
 */
export function parseForwardChains(list: (command: string) => string): readonly Chain[] {
  const hooked = parseObjects(list('list chains'), 'chain').filter(({ hook }) => hook === 'forward');
  const tables = [...new Set(hooked.map(({ family, table }) => `${family} ${table}`))];
  return tables
    .filter((table) => /^(?:ip|ip6|inet) [A-Za-z_][\w.-]*$/.test(table))
    .flatMap((table) => parseTableChains(list(`list table ${table}`)));
}

function parseTableChains(listing: string): readonly Chain[] {
  const rules = parseObjects(listing, 'rule');
  return parseObjects(listing, 'chain').map(({ family, table, name, hook, policy }) => ({
    program: 'nft',
    family: family === 'ip' || family === 'ip6' ? family : 'inet',
    table: String(table),
    name: String(name),
    forward: hook === 'forward' ? { policy: policy === 'drop' ? 'drop' : 'accept' } : null,
    rules: rules
      .filter(({ chain }) => chain === name)
      .flatMap(({ expr, handle }) => {
        const parsed = Array.isArray(expr) ? parseRules(expr) : [];
        return typeof handle === 'number' ? parsed.map((rule) => ({ ...rule, handle })) : parsed;
      }),
  }));
}

function parseObjects(listing: string, what: string): readonly NftJsonNode[] {
  const { nftables }: { readonly nftables?: unknown } = listing === '' ? {} : JSON.parse(listing);
  return Array.isArray(nftables)
    ? nftables.flatMap((one) => (isJsonObject(one) && isJsonObject(one[what]) ? [one[what]] : []))
    : [];
}

/** One rule; of a verdict map one for each of its elements. */
function parseRules(statements: readonly unknown[]): readonly FilterRule[] {
  const conditions: FilterCondition[] = [];
  for (const statement of statements) {
    const [[kind, body] = ['', null]] = isJsonObject(statement) ? Object.entries(statement) : [];
    if (kind === 'match') conditions.push(parseCondition(body));
    else if (kind === 'vmap') return parseVerdictMap(conditions, body);
    else if (kind === 'xt') {
      if (isJsonObject(body) && body['type'] === 'target')
        return [{ conditions, verdict: targetVerdict(body['name']) }];
      const name = isJsonObject(body) ? String(body['name']) : '';
      if (name !== 'comment') conditions.push({ on: 'unknown', match: name });
    } else {
      const verdict = parseVerdict(kind, body);
      if (verdict) return [{ conditions, verdict }];
    }
  }
  return [];
}

function parseVerdict(kind: string, body: unknown): Verdict | null {
  if (kind === 'accept' || kind === 'drop' || kind === 'return') return { do: kind };
  if (kind === 'reject') return { do: 'drop' };
  if ((kind === 'jump' || kind === 'goto') && isJsonObject(body)) return { do: kind, chain: String(body['target']) };
  return null;
}

/** The verdict of a target of iptables-nft that nftables cannot express itself. */
const targetVerdict = (name: unknown): Verdict => ({ do: name === 'REJECT' || name === 'TARPIT' ? 'drop' : 'go-on' });

function parseVerdictMap(conditions: readonly FilterCondition[], body: unknown): readonly FilterRule[] {
  const data = isJsonObject(body) && isJsonObject(body['data']) ? body['data']['set'] : null;
  if (!isJsonObject(body) || !Array.isArray(data)) return [];
  return data.flatMap((element): FilterRule[] => {
    const [value, verdict]: readonly unknown[] = Array.isArray(element) ? element : [];
    const [[kind, detail] = ['', null]] = isJsonObject(verdict) ? Object.entries(verdict) : [];
    const decided = parseVerdict(kind, detail);
    const condition = parseCondition({ op: '==', left: body['key'], right: value });
    return decided ? [{ conditions: [...conditions, condition], verdict: decided }] : [];
  });
}

function parseCondition(body: unknown): FilterCondition {
  if (!isJsonObject(body)) return { on: 'unknown' };
  const on = parseSubject(body['left']);
  const values = parseValues(body['right']);
  const { op } = body;
  if (on === null || values === null || (op !== '==' && op !== '!=' && op !== 'in')) return { on: 'unknown' };
  return { on, not: op === '!=', values };
}

function parseSubject(left: unknown): 'iif' | 'oif' | 'from' | 'to' | 'state' | 'protocol' | null {
  if (!isJsonObject(left)) return null;
  const { meta, payload, ct } = left;
  if (isJsonObject(meta)) {
    if (meta['key'] === 'iifname' || meta['key'] === 'iif') return 'iif';
    if (meta['key'] === 'oifname' || meta['key'] === 'oif') return 'oif';
    return meta['key'] === 'nfproto' || meta['key'] === 'protocol' ? 'protocol' : null;
  }
  if (isJsonObject(payload) && (payload['protocol'] === 'ip' || payload['protocol'] === 'ip6')) {
    if (payload['field'] === 'saddr') return 'from';
    return payload['field'] === 'daddr' ? 'to' : null;
  }
  return isJsonObject(ct) && (ct['key'] === 'state' || ct['key'] === 'status') ? 'state' : null;
}

/** Null: a named set, a range, or something else whose members are not known here. */
function parseValues(right: unknown): readonly string[] | null {
  if (typeof right === 'string')
    return right.startsWith('@') ? null : [right.replace(/^ipv([46])$/, (_, f) => (f === '4' ? 'ip' : 'ip6'))];
  if (Array.isArray(right)) return parseValueList(right);
  if (!isJsonObject(right)) return null;
  const { prefix, set } = right;
  if (isJsonObject(prefix)) return [`${prefix['addr']}/${prefix['len']}`];
  return Array.isArray(set) ? parseValueList(set) : null;
}

function parseValueList(members: readonly unknown[]): readonly string[] | null {
  const values = members.map(parseValues);
  return values.some((value) => value === null) ? null : values.flatMap((value) => value ?? []);
}
