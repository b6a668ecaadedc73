import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { atKey, atValue, type Path } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../model/json.ts';
import type { Grant } from '../model/results/grant.ts';
import { parseSeconds } from '../model/values/duration.ts';
import { sha256 } from '../model/values/hash.ts';
import { decodeText } from '../source/decode.ts';
import { readDocument } from '../source/document.ts';
import { createLocator } from '../source/locate.ts';
import { schemaErrors, withoutAnsweredKeys } from '../source/schema-errors.ts';
import { validateReconcileSchema } from '../source/validate.ts';
import { unknownFacts } from './host-facts.ts';
import { circleIn } from './lab-order.ts';
import type { FolderSource, GitSource, IgnoreRule, Probe, ReconcileSettings } from './settings.ts';

/** A reconcile file; `settings` null: it has mistakes, which the findings say. */
export type SettingsReading = { readonly settings: ReconcileSettings | null; readonly findings: TopologyDiagnostics };

/** The file that is read: its name without the ending, its absolute path, and its bytes. */
export type SettingsFile = { readonly name: string; readonly file: string; readonly bytes: Uint8Array };

/** Reads a reconcile file: every mistake is in the findings, each with its place. Never throws on any input. */
export function readSettings({ name, file, bytes }: SettingsFile): SettingsReading {
  const { text, diagnostics: encoding } = decodeText(bytes);
  const document = encoding.length > 0 ? null : readDocument(text);
  const { value = null, spans = null } = document ?? {};
  const found = [...encoding, ...(document?.diagnostics ?? [])];
  const shape = found.length > 0 ? [] : shapeMistakes(value);
  const contents = found.length + shape.length > 0 || !isJsonObject(value) ? [] : contentMistakes(value);
  const diagnostics = [...found, ...shape, ...contents];
  const findings = { file, text, locate: createLocator(text, spans), diagnostics };
  if (diagnostics.length > 0 || !isJsonObject(value)) return { settings: null, findings };
  return { settings: toSettings(value, { name, file, digest: sha256(text) }), findings };
}

function shapeMistakes(value: Json): readonly Diagnostic[] {
  if (isJsonObject(value)) {
    const plain = {
      root: value,
      words: { hostKeys: [], otherTools: {} },
      unlike: new Set<string>(),
      isPlain: true as const,
    };
    return withoutAnsweredKeys(schemaErrors(validateReconcileSchema(value), plain)).map(({ diagnostic }) => diagnostic);
  }
  const hint = 'begin with version: 1 and source: { folder: /srv/labs }';
  return [makeDiagnostic('wrong-type', atValue([]), 'a reconcile file is a map of keys', { hint })];
}

function contentMistakes(value: Spec): readonly Diagnostic[] {
  const bad = (path: Path, message: string, hint: string) =>
    makeDiagnostic('bad-value', atKey(path), message, { hint });
  const source = mapAt(value, 'source');
  const found: Diagnostic[] = [];
  const isGit = 'git' in source;
  if (isGit === 'folder' in source)
    found.push(
      bad(
        ['source'],
        '"source" needs either git or folder',
        'write source: { folder: /srv/labs }, or source: { git: URL }',
      ),
    );
  for (const key of ['branch', 'path'])
    if (!isGit && key in source) found.push(bad(['source', key], `"${key}" goes with git only`, `leave ${key} out`));
  if (!isGit && 'verify' in value)
    found.push(
      bad(['verify'], 'a folder has no commits that could be verified', 'leave verify out, or give a git repository'),
    );
  if (seconds(value, 'confirm', DEFAULTS.confirm) === 0 && 'probes' in value)
    found.push(bad(['probes'], 'without a time to confirm nothing can be rolled back', 'leave confirm: 0 out'));
  const backoff = mapAt(value, 'backoff');
  if (seconds(backoff, 'first', DEFAULTS.first) > seconds(backoff, 'most', DEFAULTS.most))
    found.push(bad(['backoff', 'first'], 'the first pause is longer than the longest', 'give most a longer time'));
  const circle = circleIn(after(value));
  if (circle !== null)
    found.push(bad(['after'], `labs wait for each other: ${circle.join(' after ')}`, 'leave one of these out'));
  for (const [name, written] of Object.entries(mapAt(value, 'vars')))
    for (const fact of unknownFacts(String(written)))
      found.push(bad(['vars', name], `\${${fact}} is not a fact of a machine`, FACTS_HINT));
  const command = mapAt(value, 'report')['command'];
  if (Array.isArray(command) && !String(command[0]).startsWith('/'))
    found.push(bad(['report', 'command'], 'the command must be an absolute path', 'write [/usr/local/bin/notify]'));
  return found;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: how a reconcile file writes them
const FACTS_HINT = 'facts are ${host.name} and ${host.address.INTERFACE}';

const DEFAULTS = { confirm: 60, first: 60, most: 3600, every: 60 };

type SettingsIdentity = Pick<ReconcileSettings, 'name' | 'file' | 'digest'>;

function toSettings(value: Spec, identity: SettingsIdentity): ReconcileSettings {
  const [verify, deletes, backoff, report] = ['verify', 'deletes', 'backoff', 'report'].map((key) => mapAt(value, key));
  const labs = value['labs'];
  return {
    ...identity,
    source: toSource(mapAt(value, 'source')),
    labs: Array.isArray(labs) ? labs.map((one) => trimSlashes(String(one))) : 'auto',
    after: after(value),
    verify: { signedBy: textOf(verify?.['signedBy']), fastForward: verify?.['fastForward'] !== false },
    vars: Object.fromEntries(Object.entries(mapAt(value, 'vars')).map(([name, one]) => [name, String(one)])),
    confirmSeconds: seconds(value, 'confirm', DEFAULTS.confirm),
    probes: listAt(value, 'probes').map(toProbe),
    drift: value['drift'] === 'report' ? 'report' : 'heal',
    ignore: listAt(value, 'ignore').map(toIgnoreRule),
    deletes: {
      most: typeof deletes?.['most'] === 'number' ? deletes['most'] : 5,
      empty: deletes?.['empty'] === 'hold' ? 'hold' : 'refuse',
    },
    backoff: {
      firstSeconds: seconds(backoff ?? {}, 'first', DEFAULTS.first),
      mostSeconds: seconds(backoff ?? {}, 'most', DEFAULTS.most),
    },
    // The schema allows nothing else.
    allow: texts(value['allow']) as readonly Grant[],
    everySeconds: Math.max(1, seconds(value, 'every', DEFAULTS.every)),
    report: {
      metrics: textOf(report?.['metrics']),
      webhook: textOf(report?.['webhook']),
      command: report && 'command' in report ? words(report['command']) : null,
    },
  };
}

const toSource = (source: Spec): GitSource | FolderSource =>
  'git' in source
    ? {
        git: String(source['git']),
        branch: textOf(source['branch']) ?? 'main',
        path: trimSlashes(textOf(source['path']) ?? ''),
      }
    : { folder: String(source['folder']) };

const trimSlashes = (path: string): string => path.replaceAll(/\/+/g, '/').replaceAll(/^\/|\/$/g, '');

const toProbe = (one: Spec): Probe => ({ in: String(one['in']), run: words(one['run']) });

const toIgnoreRule = (one: Spec): IgnoreRule => ({
  resource: String(one['resource']),
  fields: 'fields' in one ? texts(one['fields']) : null,
});

const after = (value: Spec): ReconcileSettings['after'] =>
  Object.fromEntries(Object.entries(mapAt(value, 'after')).map(([lab, before]) => [lab, texts(before)]));

const seconds = (map: Spec, key: string, otherwise: number): number =>
  key in map ? (parseSeconds(String(map[key])) ?? otherwise) : otherwise;

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const words = (value: Json | undefined): readonly [string, ...string[]] => {
  const [first = '', ...rest] = texts(value);
  return [first, ...rest];
};

function mapAt(value: Spec, key: string): Spec {
  const inner = value[key];
  return isJsonObject(inner) ? inner : {};
}

const listAt = (value: Spec, key: string): readonly Spec[] => {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
};
