import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';

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
  { phrase: 'a file of Docker Compose', is: (keys) => keys.has('services'), hint: importWith('compose') },
  {
    phrase: 'a file of containerlab',
    is: (keys, { topology }) =>
      keys.has('topology') && (!isJsonObject(topology) || 'nodes' in topology || 'links' in topology),
    hint: importWith('containerlab'),
  },
  {
    phrase: 'a Kubernetes manifest',
    is: (keys) => keys.has('apiVersion') && keys.has('kind'),
    hint: () =>
      'kubectl apply takes it; docs/kubernetes.md shows how the network of a cluster is written as a topology',
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
    is: (keys) => keys.has('netform') && keys.has('plan'),
    hint: (file) => `netform apply ${file} carries it out`,
  },
  { phrase: 'a Dockerfile', is: (keys) => keys.has('FROM'), hint: () => START_AFRESH },
];

/** The sections that only a topology has. A file with one of them is a topology with mistakes. */
const OWN_KEYS = ['namespaces', 'bridges'];

/**
 * Says which other program a file is of, when it is one that netform knows. `value` is null where the text could not be
 * read: then its keys at the beginning of lines decide. Null: a topology, or an unknown file.
 */
export function foreignFormatDiagnostic(text: string, value: Json, file: string): Diagnostic | null {
  const script = /^#!.*\b(?:sh|bash|ash|dash|ksh|zsh)\b|^\s*(?:sudo\s+)?ip\s+(?:netns|link|addr(?:ess)?|route)\s/.exec(
    text,
  );
  if (script) return describe('a shell script', `netform import script ${file} -o lab.yaml makes a topology of it`);
  const map = isJsonObject(value) ? value : {};
  const keys = new Set(isJsonObject(value) ? Object.keys(value) : keysOfLines(text));
  if (OWN_KEYS.some((key) => keys.has(key))) return null;
  const format = FORMATS.find(({ is }) => is(keys, map));
  return format ? describe(format.phrase, format.hint(file, map)) : null;

  function describe(phrase: string, hint: string): Diagnostic {
    return makeDiagnostic(
      'unknown-key',
      { start: 0, end: text.indexOf('\n') },
      `${file} is ${phrase}, not a topology`,
      { hint },
    );
  }
}

const keysOfLines = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:\s*\{?\s*")?([A-Za-z][\w.-]*)"?\s*:/gm)].map(([, key = '']) => key);
