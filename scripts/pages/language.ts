import { Document, parse, visit } from 'yaml';
import type { LanguageSection } from '../../src/kinds/language-section.ts';
import { type Json, type Spec, sameJson } from '../../src/model/json.ts';
import { LANGUAGE_GLANCE } from './language-glance.ts';
import { sections } from './language-sections.ts';
import { anchor } from './markdown.ts';

/** A section with its slice of the schema, and the keys that it tells about. */
type Part = LanguageSection & { readonly object: Spec; readonly keys: readonly string[] };

/** docs/language.md, from the JSON Schema of the language. */
export function languagePage(schema: Spec): string {
  const parts = [...sections, ...undocumentedSections(schema)].map((section) => partOf(section, schema));
  return [
    '# The language',
    '',
    'Every key of a topology: what it means, what values it takes, what it is when it is left out, and an example. The page',
    'is generated from the schema that netform checks files with (`netform schema` prints it). For a first look, read',
    '[the tutorial](tutorial.md); for what can be wrong in a file, [checks](checks.md).',
    '',
    LANGUAGE_GLANCE,
    ...RULES,
    '',
    ...REPEATED,
    '',
    '## Index',
    '',
    ...parts.map((part) => {
      const keys = part.keys.map((key) => keyLink(part, key)).join(' · ');
      return `- **${linkTo(part)}**${keys === '' ? '' : `: ${keys}`}`;
    }),
    ...parts.flatMap((part) => [
      '',
      `## ${part.title}`,
      '',
      part.text,
      ...(part.example === null ? [] : ['', '```yaml', part.example.trim(), '```']),
      ...part.keys.flatMap((key) => entry(part, key, parts)),
    ]),
    '',
  ].join('\n');
}

const RULES = [
  '## Rules that hold everywhere',
  '',
  '- What stands at top level is the machine\'s own ("the host"); what stands inside a namespace is that namespace\'s.',
  '  `bridges`, `routes`, `nat` and `portForwards` mean the same in both places; `host` holds the rest.',
  '- Where one value fits, a list fits. IPv4 and IPv6 are equal everywhere. What YAML would take for something else is',
  '  quoted: a MAC address, `"node-1:cni0"`, `"[fd00::1]:443"`, and inside `{ }` and `[ ]` every IPv6 address.',
  '- A name works wherever the address of another namespace does: `via: router`, `to: blue:80`, `masquerade: blue`. It',
  '  stands for the address on the LAN that both share. `blue:eth1` picks an interface, `host` is the machine. An address of',
  '  its own (`src`, `as`, `local`, and that which a forward listens on) a namespace writes itself.',
  '- An address that is not written is the next free one of the subnet. Who has one keeps it when the file grows.',
  '- The default route is implied where exactly one interface is on a subnet with a gateway. A written one wins.',
  '- `nat`, `portForwards` and `publish` switch forwarding on where they are needed; the plan says so.',
  '- Names are letters, digits, `_`, `.` and `-`, beginning with a letter; `host` is taken. A name is what `ip link` and',
  '  `ip netns` show; the name of a link that is longer than 15 characters is shortened, and the plan shows both.',
  '- Keys that are not listed here are errors, and the message names the key that was probably meant.',
];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: how the language itself writes it
const REPEATED = [
  '## Many of a kind',
  '',
  'A range in a name stands for several: `{1..100}`, `{01..12}`, `{a..f}` or `{red,blue}`. It works in the key of any map,',
  'and in a text that is an item of a list. `${n}` is what stood there; with two ranges each has a name, `{i:1..3}`, and',
  '`${i+1}` and `${i-1}` are the neighbours. `defaults` is merged under what the file writes, key by key: a list is replaced,',
  '`null` takes a default away. `lo` and the links of the machine get no defaults. What a range makes and what is written',
  'besides under the same name are merged. Nothing is written out below `cni`, `command`, `content` and `records`.',
  '`netform validate --expand` prints what comes of it.',
  '',
  '```yaml',
  'version: 1',
  'name: row',
  'defaults:',
  '  interface: { mtu: 1400 }',
  'subnets:',
  '  "wire-{1..2}": "10.0.${n}.0/24"',
  'namespaces:',
  '  "r{i:1..3}":',
  '    forwarding: true',
  '    interfaces: { lo: "10.255.0.${i}/32" }',
  '  r2: { sysctls: { net.ipv4.ip_default_ttl: 32 } }   # one of them has more',
  'links: ["r{i:1..2}:right -- r${i+1}:left"]           # r1 to r2, r2 to r3',
  '```',
  '',
  'A lab of a thousand namespaces, each with an address of its own and a default route by the machine:',
  '',
  '```yaml',
  'version: 1',
  'name: thousand',
  'bridges: { lan: { subnet: 10.0.0.0/20, address: first } }',
  'namespaces:',
  '  "n{1..1000}": { interfaces: { eth0: { bridge: lan } } }',
  '```',
  '',
  '## A pool for several nodes',
  '',
  '`split` gives each of some namespaces a share of a subnet. In a bridge of such a namespace `subnet: pods` is its share, and',
  '`pods@node-2` is the share of another wherever a subnet may stand. Who has a share keeps it, whatever comes, goes or changes',
  'places under `among`; who is new takes the next free one. `address: first` at a bridge is the first address of its subnets.',
  '',
  '```yaml',
  'version: 1',
  'name: pool',
  'subnets:',
  '  pods: { cidr: [10.244.0.0/16, "fd00:244::/56"], split: { prefix: [24, 64], among: [{ role: node }] } }',
  'bridges: { lan: { subnet: [192.168.1.0/24, "fd00:1::/64"], gateway: none } }',
  'namespaces:',
  '  "node-{1..2}":',
  '    labels: { role: node }',
  '    forwarding: true',
  '    bridges: { cni0: { subnet: pods, address: first } }        # 10.244.0.1/24 and 10.244.1.1/24',
  '    interfaces: { eth0: { bridge: lan } }',
  '  node-1: { routes: [{ to: pods@node-2, via: node-2 }] }',
  '  node-2: { routes: [{ to: pods@node-1, via: node-1 }] }',
  '  "pod-{1..2}": { interfaces: { eth0: { bridge: "node-${n}:cni0" } } }',
  '```',
  '',
  'Without `prefix` the shares are ranges of one network, whose mask stays. Examples: pod networks as',
  '[flannel](../topologies/pod-networks/flannel.yaml), [Calico](../topologies/other-kernels/calico.yaml) and',
  '[Weave Net](../topologies/pod-networks/weave.yaml) build them.',
  '',
  '## Several files',
  '',
  '`include` names files that are part of this one. Their paths are relative to the file that includes, and stay inside the',
  'folder of the main file without symbolic links; a topology from standard input includes nothing. Maps are merged key by',
  'key, lists are joined, those of included files first; a single value in two files is an error that names both places.',
  'An included file sees the variables of the file that includes it and those of its entry, which win over its own `vars`;',
  'its own variables are seen in it and in what it includes. `name` stands in the main file only. Paths in other words, such',
  'as `from`, are relative to the main file. `topologies/include/` is an example.',
  '',
  '```text',
  'include: [base.yaml, { file: rack.yaml, vars: { rack: 2 } }]',
  '```',
  '',
  '## Repeated values',
  '',
  'A value that several places share is written once. `vars` names a text or a number; an anchor of YAML, `&name`, names',
  'a whole value, and `*name` stands for it. A merge key (`<<:`) is an error: a reader should see what a namespace has.',
  '',
  '```yaml',
  'version: 1',
  'name: many',
  'bridges:',
  '  lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }',
  'namespaces:',
  '  h1: &host',
  '    interfaces: { eth0: { bridge: lan, mtu: 1400 } }',
  '  h2: *host                  # an address of its own from the same subnet',
  '  h3: *host',
  '```',
];

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: how the language itself writes it

/** Definitions of the schema that nobody wrote a section for. */
const undocumentedSections = (schema: Spec): readonly LanguageSection[] =>
  Object.keys(specOf(schema['definitions'], 'definitions'))
    .filter((name) => !sections.some(({ path }) => path.join('/') === `definitions/${name}`))
    .map((name) => ({ title: name, path: ['definitions', name], text: `In the schema: \`${name}\`.`, example: null }));

function partOf(section: LanguageSection, schema: Spec): Part {
  const at = (path: readonly string[]): Spec => path.reduce<Spec>((inner, key) => specOf(inner[key], key), schema);
  const object = at(section.path);
  const known = section.like === undefined ? {} : specOf(at(section.like)['properties'], 'properties');
  const properties = specOf(object['properties'] ?? {}, section.title);
  return { ...section, object, keys: Object.keys(properties).filter((key) => !sameJson(properties[key], known[key])) };
}

const headingOf = (part: Part, key: string): string => `${part.title}: ${key}`;
const linkTo = (part: Part): string => `[${part.title}](#${anchor(part.title)})`;
const keyLink = (part: Part, key: string): string => `[${key}](#${anchor(headingOf(part, key))})`;

function entry(part: Part, key: string, parts: readonly Part[]): readonly string[] {
  const property = specOf(specOf(part.object['properties'], part.title)[key], key);
  const required = Array.isArray(part.object['required']) && part.object['required'].includes(key);
  const byDefault = property['default'];
  const missing = byDefault === undefined ? (required ? ['required'] : []) : [`default ${code(byDefault)}`];
  const examples = Array.isArray(property['examples']) ? property['examples'] : [];
  return [
    '',
    `### ${headingOf(part, key)}`,
    '',
    String(property['description'] ?? ''),
    '',
    `- Value: ${[typeText(property, parts), ...missing].join('; ')}`,
    ...examples.map((each) => `- Example: ${code({ [key]: each })}`),
  ];
}

/** What a value may be, in words. */
function typeText(spec: Spec, parts: readonly Part[]): string {
  const to = spec['$ref'];
  const part = parts.find(({ path }) => `#/${path.join('/')}` === to);
  if (part !== undefined) return linkTo(part);
  if (Array.isArray(spec['enum'])) return spec['enum'].map(code).join(' or ');
  const types = [spec['type'] ?? 'object'].flat().filter((type) => type !== 'null');
  return types.map((type) => typePhrase(String(type), spec, parts)).join(', or ');
}

function typePhrase(type: string, spec: Spec, parts: readonly Part[]): string {
  if (type === 'string') return 'text';
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'integer' || type === 'number') return numberText(spec);
  if (type === 'array') return isSpec(spec['items']) ? listText(typeText(spec['items'], parts)) : 'a list';
  if (isSpec(spec['additionalProperties'])) return `a map; each value ${typeText(spec['additionalProperties'], parts)}`;
  const same = parts.find(({ object }) => isSpec(spec['properties']) && keysOf(spec).join() === keysOf(object).join());
  if (same !== undefined) return linkTo(same);
  const keys = keysOf(spec);
  return keys.length === 0 ? 'a map' : `a map with ${keys.map((key) => `\`${key}\``).join(', ')}`;
}

const listText = (item: string): string => (item === 'text' ? 'a list of texts' : `a list; each entry ${item}`);

const keysOf = (object: Spec): readonly string[] => Object.keys(specOf(object['properties'] ?? {}, 'properties'));

function numberText({ minimum, maximum }: Spec): string {
  if (minimum === undefined) return 'a number';
  return maximum === undefined ? `a number from ${minimum}` : `a number from ${minimum} to ${maximum}`;
}

/** A value as one would write it on one line of YAML; of a map, what stands between its braces. */
function code(value: Json): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && NUMBERS_WITH_COLONS.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ collectionStyle: 'flow', lineWidth: 0 }).trim();
  const line = text.replaceAll('[ ', '[').replaceAll(' ]', ']');
  if (!sameJson(parse(line), value)) throw new Error(`this is not how one would write it: ${line}`);
  return `\`${isSpec(value) ? line.slice(2, -2) : line}\``;
}

/** MAC and IPv6 addresses: other YAML parsers take some for numbers, and the end of some for a key. */
const NUMBERS_WITH_COLONS = /^[[\]0-9a-f/.-]*:[[\]0-9a-f:/.-]*$/i;

const isSpec = (value: Json | undefined): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function specOf(value: Json | undefined, where: string): Spec {
  if (!isSpec(value)) throw new Error(`${where} is not in the schema`);
  return value;
}
