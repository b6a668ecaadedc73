import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { shellWord } from '../../model/values/shell-word.ts';

/** A file of another program, known by its keys at top level. */
type ForeignFormat = {
  /** What such a file is, with its article. */
  readonly phrase: string;
  readonly is: (keys: ReadonlySet<string>, value: Spec) => boolean;
  /** What to do with such a file. */
  readonly hint: (file: string, value: Spec) => string;
};

const importWith =
  (command: string) =>
  (file: string): string =>
    `netform import ${command} ${file} -o lab.yaml makes a topology of it`;

const START_AFRESH = 'netform cannot import it; netform init begins a topology';

const FORMATS: readonly ForeignFormat[] = [
  {
    phrase: 'a file of Docker Compose',
    is: (keys, { services }) => keys.has('services') && !leadSomewhere(services ?? null),
    hint: importWith('compose'),
  },
  {
    phrase: 'a file of containerlab',
    is: (keys, { topology }) =>
      keys.has('topology') && (!isJsonObject(topology) || 'nodes' in topology || 'links' in topology),
    hint: importWith('containerlab'),
  },
  {
    phrase: 'a Kubernetes manifest',
    is: (keys) => keys.has('apiVersion') && keys.has('kind'),
    hint: importWith('kubernetes'),
  },
  {
    phrase: 'a CNI configuration',
    is: (keys) => keys.has('cniVersion') || (keys.has('plugins') && keys.has('name')),
    hint: (_, { name }) =>
      `in a topology it stands under cni, without its name: cni: { ${typeof name === 'string' ? name : 'mynet'}: { cniVersion: …, plugins: […] } }`,
  },
  {
    phrase: 'a file of Netplan',
    is: (keys, { network }) =>
      keys.has('network') &&
      (!isJsonObject(network) || ['ethernets', 'renderer', 'wifis', 'vlans', 'version'].some((key) => key in network)),
    hint: () => `it configures this machine, not a lab; ${START_AFRESH}`,
  },
  {
    phrase: 'a state of nmstate',
    is: (keys, { interfaces }) => Array.isArray(interfaces) && !keys.has('namespaces'),
    hint: () => `it configures this machine, not a lab; ${START_AFRESH}`,
  },
  {
    phrase: 'a plan of netform',
    is: (_, { netform }) => netform === 'plan',
    hint: (file) => `netform show ${file} shows it, netform apply ${file} carries it out`,
  },
];

/** Services as a topology has them, perhaps beside an `include`: Compose has no `to`. */
const leadSomewhere = (services: Json): boolean =>
  isJsonObject(services) && Object.values(services).some((one) => isJsonObject(one) && 'to' in one);

/** The sections that only a topology has. A file with one of them is a topology with mistakes. */
const OWN_KEYS = ['namespaces', 'bridges'];

/** A file of another program: what it is, with an article, and what to do with it. */
export type ForeignFile = { readonly phrase: string; readonly hint: string };

/**
 * The program that a file is of, when netform knows it by its shape. `value` is null where the text could not be read:
 * then its keys at the beginning of lines decide. Null: a topology, or an unknown file.
 */
export function foreignFile(text: string, value: Json, file: string): ForeignFile | null {
  const argument = file === '<stdin>' ? '-' : shellWord(file);
  if (SHELL_SCRIPT.test(text)) return { phrase: 'a shell script', hint: importWith('script')(argument) };
  const map = isJsonObject(value) ? value : {};
  const keys = new Set(isJsonObject(value) ? Object.keys(value) : keysOfLines(text));
  if (OWN_KEYS.some((key) => keys.has(key))) return null;
  const format = FORMATS.find(({ is }) => is(keys, map));
  return format ? { phrase: format.phrase, hint: format.hint(argument, map) } : null;
}

/** The one message about a file of another program in the place of a topology; null: it is not one that netform knows. */
export function foreignFormatDiagnostic(text: string, value: Json, file: string): Diagnostic | null {
  const found = foreignFile(text, value, file);
  if (found === null) return null;
  const at = { start: 0, end: text.indexOf('\n') };
  return makeDiagnostic('unknown-key', at, `${file} is ${found.phrase}, not a topology`, { hint: found.hint });
}

const SHELL_SCRIPT = /^#!.*\b(?:sh|bash|ash|dash|ksh|zsh)\b|^\s*(?:sudo\s+)?ip\s+(?:netns|link|addr(?:ess)?|route)\s/;

const keysOfLines = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:\s*\{?\s*")?([A-Za-z][\w.-]*)"?\s*:/gm)].map(([, key = '']) => key);
