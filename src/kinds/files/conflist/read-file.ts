import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../model/json.ts';
import type { TopologyFile } from '../../../model/topology.ts';

/** A file of a CNI configuration folder, as one that a topology would write. */
export type ConflistFile = {
  /** Null: it has no configuration that could be checked. */
  readonly file: TopologyFile | null;
  readonly diagnostics: readonly Diagnostic[];
  /** From a place in the list of plugins to the place in the file: a `.conf` holds one plugin and no list. */
  readonly toWritten: (path: Path) => Path;
};

/** Reads the JSON of a `.conflist`, a `.conf` or a `.json`. `at`: where its places begin. */
export function readConflistFile(path: string, value: Json, at: Path): ConflistFile {
  const same = (place: Path): Path => place;
  if (!isJsonObject(value)) {
    const message = 'a network configuration is an object: { "cniVersion": …, "name": …, "plugins": […] }';
    return { file: null, diagnostics: [makeDiagnostic('cni-wrong-type', atValue(at), message)], toWritten: same };
  }
  const isOne = path.endsWith('.conf') || value['type'] !== undefined || !path.endsWith('.conflist');
  const isList = !isOne || (value['plugins'] !== undefined && value['type'] === undefined);
  const { cniVersion, name, ...plugin } = value;
  const content = isList ? value : { ...headOf({ cniVersion, name }), plugins: [plugin] };
  const words = typeof name === 'string' && name !== '' ? name : (path.split('/').at(-1) ?? path);
  return {
    file: { kind: 'conflist', name: words, at, file: { value: path, at }, content },
    diagnostics: [...headProblems(value, at), ...formProblems(value, path, at)],
    toWritten: isList ? same : (place) => [...at, ...withoutList(place.slice(at.length))],
  };
}

const headOf = (head: { readonly [key: string]: Json | undefined }): { readonly [key: string]: Json } =>
  Object.fromEntries(Object.entries(head).flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])));

const withoutList = (path: Path): Path => (path[0] === 'plugins' ? path.slice(2) : path);

/** `name` and `cniVersion` stand elsewhere, or are checked by the schema, in a topology. */
function headProblems({ name, cniVersion }: { readonly [key: string]: Json }, at: Path): readonly Diagnostic[] {
  return [
    ...(name === undefined || name === ''
      ? [makeDiagnostic('cni-missing-key', atKey(at), 'the network has no name', { hint: 'write "name": "mynet"' })]
      : []),
    ...(typeof name === 'string' && name !== '' && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)
      ? [
          makeDiagnostic(
            'cni-refused-value',
            atValue([...at, 'name']),
            `${JSON.stringify(name)} is not a name of a network`,
            {
              hint: 'a letter or digit, then letters, digits, _ . or -',
            },
          ),
        ]
      : []),
    ...(cniVersion === undefined
      ? [
          makeDiagnostic('cni-missing-key', atKey(at), 'there is no cniVersion, and plugins take it for 0.1.0', {
            hint: 'write "cniVersion": "1.0.0"',
          }),
        ]
      : []),
    ...(typeof cniVersion === 'string' && !/^\d+\.\d+\.\d+$/.test(cniVersion)
      ? [
          makeDiagnostic(
            'cni-refused-value',
            atValue([...at, 'cniVersion']),
            `plugins refuse cniVersion ${JSON.stringify(cniVersion)}`,
            { hint: 'three numbers with dots, such as 1.0.0' },
          ),
        ]
      : []),
  ];
}

/** A list of plugins is read from a `.conflist`, and one plugin from the others. */
function formProblems(value: { readonly [key: string]: Json }, path: string, at: Path): readonly Diagnostic[] {
  const hasList = value['plugins'] !== undefined;
  if (hasList && /\.(?:conf|json)$/.test(path))
    return [
      makeDiagnostic('cni-unknown-key', atKey([...at, 'plugins']), 'only a .conflist has a list of plugins', {
        hint: `rename it to ${path
          .split('/')
          .at(-1)
          ?.replace(/\.\w+$/, '.conflist')}`,
      }),
    ];
  if (!path.endsWith('.conflist') || hasList || value['type'] === undefined) return [];
  const message = 'a .conflist has a list of plugins, and no plugin of its own';
  return [
    makeDiagnostic('cni-unknown-key', atKey([...at, 'type']), message, {
      hint: 'put the plugin into plugins: [ … ], or rename the file to .conf',
    }),
  ];
}
