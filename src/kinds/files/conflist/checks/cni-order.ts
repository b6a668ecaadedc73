import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../../model/diagnostics/source-location.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { conflistsOf } from '../entries.ts';
import { ipamShapes } from '../plugins/ipam-shapes.ts';
import { type PluginPosition, pluginShapes } from '../plugins/plugin-shapes.ts';
import { pluginsOf, shapeFor } from '../plugins/validate-shape.ts';

/** A plugin at a place of the list where it cannot work. */
export const cniOrder: LabCheck = {
  name: 'cni-order',
  code: 'NF2605',
  title: 'CNI plugins in the wrong order',
  explain:
    'The first plugin of a list creates the interface; portmap, firewall, tuning, bandwidth, vrf and sbr work on that interface and come after it. A second plugin that creates the same interface fails. Address plugins such as host-local belong under `ipam`.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: portmap, capabilities: { portMappings: true } }
      - { type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
      - { type: portmap, capabilities: { portMappings: true } }
`,
  find: (topology) => conflistsOf(topology).flatMap((conflist) => inConflist(conflist).slice(0, 1)),
};

/** What is wrong, the first thing first: a list in the wrong order is one mistake. */
function inConflist({ content, at }: TopologyFile): readonly Diagnostic[] {
  const types = pluginsOf(content).flatMap(({ plugin, index }) =>
    typeof plugin['type'] === 'string' ? [{ type: plugin['type'], index }] : [],
  );
  const maker = types.find(({ type }) => positionOf(type) === 'first');
  return types.flatMap(({ type, index }) => {
    const say = (message: string, hint: string): readonly Diagnostic[] => [
      makeDiagnostic('cni-order', atValue([...at, 'plugins', index, 'type']), message, { hint }),
    ];
    const position = positionOf(type);
    if (shapeFor(ipamShapes, type)) {
      return say(
        `${type} assigns addresses and does not create an interface`,
        `write it under the interface plugin: ipam: { type: ${type}, … }`,
      );
    }
    if (position === 'chained' && index === 0) {
      const before = maker ? maker.type : 'a plugin that creates the interface, such as bridge';
      return say(
        `${type} is first in the list, but works on the interface of another plugin`,
        `write it after ${before}`,
      );
    }
    if (position === 'first' && maker && index > maker.index) {
      return say(`${type} would create the interface that ${maker.type} already created`, 'give each its own conflist');
    }
    return [];
  });
}

const positionOf = (type: string): PluginPosition | undefined => shapeFor(pluginShapes, type)?.position;
