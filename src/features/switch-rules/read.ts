import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { checkName, readRef } from '../../source/normalise/name.ts';
import { readVlanRef } from '../../source/normalise/switching/vlan-ref.ts';
import type { TopologyMirror, TopologySwitchRules } from './topology.ts';

/** `flows` and `mirrors` of all bridges that have some. */
export const readSwitchRules = (
  root: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologySwitchRules[] => [
  ...readBridgesOf('host', root, report),
  ...namedEntries(childCursor(root, 'namespaces')).flatMap(({ name, node }) => readBridgesOf(name, node, report)),
];

const readBridgesOf = (
  netns: string,
  place: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologySwitchRules[] =>
  namedEntries(childCursor(place, 'bridges')).flatMap(({ name: bridge, node }) => {
    const written = childCursor(node, 'flows');
    const items = nonNull(listItems(written).map((item) => readFlow(item, report)));
    const flows = Array.isArray(written.value) ? { items, at: written.path } : null;
    const mirrors = nonNull(
      namedEntries(childCursor(node, 'mirrors')).map(({ name, node: entry }) => readMirror(name, entry, report)),
    );
    return flows || mirrors.length > 0 ? [{ netns, bridge, flows, mirrors }] : [];
  });

const PORT_HINT = 'write the interface that has its port there, such as red:eth0';

function readMirror(name: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyMirror | null {
  checkName(node, report, 'link');
  const [of, vlans, direction] = [childCursor(node, 'of'), childCursor(node, 'vlans'), childCursor(node, 'direction')];
  const to = readRef(childCursor(node, 'to'), report, PORT_HINT);
  const ports = nonNull(listItems(of).map((item) => readRef(item, report, PORT_HINT)));
  const ids = nonNull(listItems(vlans).map((item) => readVlanRef(item, report, 'allowed')));
  const written = readString(direction);
  return (
    to && {
      name,
      at: node.path,
      of: of.value === undefined ? null : ports,
      direction: written === 'in' || written === 'out' ? written : 'both',
      vlans: vlans.value === undefined ? null : ids,
      to,
    }
  );
}

/** A flow in one line, with actions. What its words mean ovs-ofctl knows. */
function readFlow(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const written = readString(node)?.trim();
  if (written === undefined) return null;
  const problem = flowProblem(written);
  if (problem === null) return withPath(node, written);
  report(makeDiagnostic('bad-flow', valueOfCursor(node), problem.message, { hint: problem.hint }));
  return null;
}

function flowProblem(flow: string): { readonly message: string; readonly hint: string } | null {
  const hint = 'write it as in ovs-ofctl(8), such as "priority=100,ip,nw_src=10.1.0.1,actions=drop"';
  if (/[\n\r\0]/.test(flow)) return { message: 'a flow is one line', hint: 'write each flow as an item of its own' };
  if (flow.length > LONGEST) return { message: `a flow of ${flow.length} characters`, hint: `at most ${LONGEST}` };
  const verb = /^(?:add|modify|delete|modify_strict|delete_strict)\b/.exec(flow)?.[0];
  if (verb !== undefined)
    return { message: `${verb} is a command, not a flow`, hint: 'write what is to be there; the rest is removed' };
  if (!/(?:^|[ ,])actions?=\s*\S/.test(flow)) return { message: 'the flow says no actions', hint };
  return flow.split('"').length % 2 === 0 ? { message: 'a quote is not closed', hint } : null;
}

const LONGEST = 4000;

/** The entry of `bad-flow` in docs/checks.md. */
export const badFlowDoc: CheckDoc = {
  name: 'bad-flow',
  code: 'NF1041',
  title: 'Not a flow',
  explain:
    'An item of `flows` is one flow of OpenFlow in one line: what it matches, and `actions=` at the end. It says what is there, not what to do: `add` and `delete` are commands.',
  bad: `
bridges: { sw1: { kind: ovs, flows: ["priority=100,ip,nw_src=10.1.0.1"] } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1 } } } }
`,
  good: `
bridges: { sw1: { kind: ovs, flows: ["priority=100,ip,nw_src=10.1.0.1,actions=drop"] } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1 } } } }
`,
};
