import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../../../model/json.ts';
import { conflistsOf } from '../entries.ts';
import { type JsonObject, pluginsOf } from '../plugins/validate-shape.ts';

/** A key of a plugin object that only the container runtime may write. */
export const cniReservedKey: LabCheck = {
  name: 'cni-reserved-key',
  code: 'NF2606',
  title: 'Key reserved for the container runtime',
  explain:
    'The CNI specification reserves `runtimeConfig`, `prevResult`, every key that begins with `cni.dev/`, and `args` apart from `args.cni` for the runtime, which writes them when it calls the plugin. The flannel plugin writes `name` and `ipam` of its `delegate` itself.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: portmap-like, runtimeConfig: { portMappings: [] } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: portmap-like, capabilities: { portMappings: true } }
`,
  find: (topology) =>
    conflistsOf(topology).flatMap(({ content, at }) =>
      pluginsOf(content).flatMap(({ plugin, index }) => inPlugin(plugin, [...at, 'plugins', index])),
    ),
};

function inPlugin(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const words = typeof plugin['type'] === 'string' ? `plugin ${plugin['type']}` : 'the plugin';
  const delegate = plugin['delegate'];
  const delegated =
    plugin['type'] === 'flannel' && isJsonObject(delegate)
      ? ['name', 'ipam']
          .filter((key) => Object.hasOwn(delegate, key))
          .map((key) =>
            makeDiagnostic(
              'cni-reserved-key',
              atKey([...at, 'delegate', key]),
              `flannel writes ${key} of its delegate itself`,
              {
                hint: 'leave it out',
              },
            ),
          )
      : [];
  const reserved = Object.keys(plugin)
    .filter((key) => isReserved(key, plugin))
    .map((key) =>
      makeDiagnostic(
        'cni-reserved-key',
        atKey([...at, key]),
        `${key} of ${words} is written by the container runtime`,
        {
          hint: HINTS[key] ?? 'leave it out',
        },
      ),
    );
  return [...reserved, ...delegated];
}

const HINTS: { readonly [key: string]: string } = {
  runtimeConfig: 'remove it and declare what the plugin accepts, such as capabilities: { portMappings: true }',
  args: 'put your own values under args: { cni: { … } }, or remove it',
};

function isReserved(key: string, plugin: JsonObject): boolean {
  const args = plugin['args'];
  if (key === 'args') return !isJsonObject(args) || Object.keys(args).some((name) => name !== 'cni');
  return key === 'runtimeConfig' || key === 'prevResult' || key.startsWith('cni.dev/');
}
