import { isJsonObject, type Json, type Spec } from '../../model/json.ts';

/** One field of a resource in the words of the language; `isDefault`: a file that leaves it out means the same. */
export type DetailField = { readonly name: string; readonly lines: readonly string[]; readonly isDefault: boolean };

/** The fields of a recorded spec, as a person would write them. None of null. */
export function detailFields(spec: Json): readonly DetailField[] {
  if (!isJsonObject(spec)) return [];
  return fieldsOf(spec, { name: '', ends: endNames(spec) });
}

type FieldContext = { readonly name: string; readonly ends: { readonly [key: string]: string } };

/** Fields that say what the heading says, or how netform remembers the resource. */
const LEFT_OUT = new Set([
  'netns',
  'name',
  'label',
  'ends',
  'existing',
  'table name',
  'sha',
  'family',
  'former',
  'fresh',
  'originalHops',
]);

/** The language's word for a field; others have their own name. */
const WORDS: { readonly [field: string]: string } = {
  prefixes: 'address',
  peers: 'peer',
  dev: 'interface',
  master: 'bridge',
  src: 'source',
  hops: 'via',
  exceptTo: 'except to',
  iif: 'in',
  oif: 'out',
  key: 'sysctl',
  forwards: 'forward',
  label: 'to',
};

/** What a field has when nothing is written, besides null, false and an empty list. */
const DEFAULTS: { readonly [field: string]: readonly Json[] } = {
  up: [true],
  mtu: [1500],
  type: ['unicast'],
  table: [254],
  metric: [0, 1024],
  ageing: [300],
  forwardDelay: [15],
  priority: [32768],
  multicastSnooping: [true],
  port: [4789],
  action: ['lookup'],
};

/** What the two ends of a cable are called: `near` and `far` in its spec. */
function endNames({ ends }: Spec): FieldContext['ends'] {
  const names = (Array.isArray(ends) ? ends : []).map((end) =>
    isJsonObject(end) ? `${end['netns']}:${end['name']}` : '',
  );
  return { near: names[0] ?? 'near', far: names[1] ?? 'far' };
}

const fieldsOf = (map: Spec, context: FieldContext): readonly DetailField[] =>
  Object.entries(map).flatMap(([key, value]) => {
    if (LEFT_OUT.has(typeof value === 'string' && key === 'table' ? 'table name' : key)) return [];
    return fieldOf(key, value, context);
  });

function fieldOf(key: string, value: Json, { name: place, ends }: FieldContext): readonly DetailField[] {
  const word = ends[key] ?? WORDS[key] ?? key.replace(/^net\/[^ ]*/, (path) => path.replaceAll('/', '.'));
  const name = [place, word === 'options' || word === 'sysctls' || word === 'files' ? '' : word]
    .filter(Boolean)
    .join(' ');
  if (key === 'hops' && Array.isArray(value)) return listField('via', value.map(hopText));
  if (Array.isArray(value) && value.some(isJsonObject)) {
    return value.flatMap((item, i) => ruleFields(value.length > 1 ? `${word} ${i + 1}` : word, item, ends));
  }
  if (Array.isArray(value)) return listField(name, value.map(String));
  if (isJsonObject(value))
    return isPortRange(value) ? listField(name, [portText(value)]) : fieldsOf(value, { name, ends });
  const isDefault = value === null || (DEFAULTS[key] ?? [false, '']).includes(value);
  return [
    {
      name: key === 'up' ? [place, 'state'].filter(Boolean).join(' ') : name,
      lines: [valueText(key, value)],
      isDefault,
    },
  ];
}

const listField = (name: string, lines: readonly string[]): readonly DetailField[] => [
  { name, lines, isDefault: lines.length === 0 },
];

/** One rule of a list; its first word stands for itself. */
function ruleFields(name: string, rule: Json, ends: FieldContext['ends']): readonly DetailField[] {
  if (!isJsonObject(rule)) return listField(name, [String(rule)]);
  const { kind, target, lan: _lan, ...rest } = rule;
  const head = typeof kind === 'string' ? listField(name, [kind]) : [];
  const to = isJsonObject(target) ? ruleTarget(name, target) : [];
  return [...head, ...fieldsOf(rest, { name, ends }), ...to];
}

const ruleTarget = (name: string, { label, address, ports }: Spec): readonly DetailField[] =>
  listField(`${name} to`, [`${label} (${address}) port ${isJsonObject(ports) ? portText(ports) : ports}`]);

const isPortRange = (value: Spec): boolean => 'first' in value && 'last' in value && Object.keys(value).length === 2;

const portText = ({ first, last }: Spec): string => (first === last ? String(first) : `${first}-${last}`);

/** `10.0.0.1 by eth0`, with what is not usual about it. */
function hopText(hop: Json): string {
  if (!isJsonObject(hop)) return String(hop);
  const { via, dev, weight, onlink } = hop;
  const way = via === null ? `dev ${dev}` : `${via} dev ${dev}`;
  return [way, weight === 1 ? '' : `weight ${weight}`, onlink === true ? 'onlink' : ''].filter(Boolean).join(' ');
}

function valueText(key: string, value: Json): string {
  if (key === 'up') return value === true ? 'up' : 'down';
  if (key === 'to' && (value === '0.0.0.0/0' || value === '::/0'))
    return value === '::/0' ? 'default (IPv6)' : 'default';
  if (key === 'key') return String(value).replaceAll('/', '.');
  return value === null ? '–' : String(value);
}
