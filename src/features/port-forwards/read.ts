import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../model/json.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import {
  type PortParseResult,
  parseForwardTarget,
  parseListen,
  parsePorts,
  parseProtocols,
  splitAddress,
} from '../../source/normalise/port.ts';
import type { TopologyForward, TopologyForwardTarget, TopologyPublish } from './topology.ts';

const FORM = 'write [address:]port[/protocol] -> namespace[:port], such as 80 -> blue:8080';

/** The entries under `portForwards`. What is wrong with one is reported, and the entry left out. */
export function readForwards(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyForward[] {
  return nonNull(listItems(node).map((item) => readForward(item, report)));
}

function readForward(node: SourceCursor, report: SourceDiagnosticReporter): TopologyForward | null {
  const halves = splitForward(node, report);
  if (!halves) return null;
  const listen = parseNode(halves.listen, report, { parse: parseListen, hint: LISTEN_HINT });
  const to = Array.isArray(halves.to.value)
    ? nonNull(listItems(halves.to).map((item) => readForwardTarget(item, item.path, report)))
    : nonNull([readForwardTarget(halves.to, node.path, report)]);
  if (!listen || to.length === 0) return null;
  const isRange = [listen.ports, ...to.map(({ ports }) => ports)].some((one) => one && one.first !== one.last);
  if (to.length === 1 || !isRange) return { at: node.path, listen, to };
  const message = 'a range of ports is forwarded to several targets';
  const hint = 'write one forward for each port, or one target';
  report(makeDiagnostic('bad-port', valueOfCursor(halves.to), message, { hint }));
  return null;
}

/** One target: `blue:80`, or in a list `{ to: "blue:80", weight: 3 }` too. */
function readForwardTarget(
  node: SourceCursor,
  at: Path,
  report: SourceDiagnosticReporter,
): TopologyForwardTarget | null {
  const isLong = isJsonObject(node.value);
  const written = isLong ? childCursor(node, 'to') : node;
  const weight = (isLong ? readInteger(childCursor(node, 'weight')) : null) ?? 1;
  const to = parseNode(written, report, { parse: parseForwardTarget, hint: TARGET_HINT });
  // A wrong port at the target leaves the listening port claimed.
  const target = to ?? targetWithoutPort(written);
  return target && { at, ...target, weight };
}

function targetWithoutPort({ value }: SourceCursor): Pick<TopologyForwardTarget, 'target' | 'ports'> | null {
  const parsed = typeof value === 'string' ? parseForwardTarget(value.replace(/:\d+$/, '')) : null;
  return parsed && 'value' in parsed ? parsed.value : null;
}

const LISTEN_HINT = 'write [address:]port[-port][/tcp, /udp, /sctp or /tcp+udp]';
const TARGET_HINT = 'write namespace:port, namespace:interface:port, address:port or [address]:port';

function splitForward(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): { readonly listen: SourceCursor; readonly to: SourceCursor } | null {
  if (isJsonObject(node.value)) return { listen: childCursor(node, 'listen'), to: childCursor(node, 'to') };
  const written = readString(node);
  if (written === null) return null;
  const parts = written.split(/\s*->\s*/);
  const [listen, to, ...rest] = parts;
  if (listen && to && rest.length === 0) {
    return { listen: { value: listen, path: node.path }, to: { value: to, path: node.path } };
  }
  report(
    makeDiagnostic('bad-port', valueOfCursor(node), `${quoteText(written)} does not lead from a port to a target`, {
      hint: forwardHint(written),
    }),
  );
  return null;
}

/** The forward that a text with another sign between its halves was meant to be, else the form of one. */
function forwardHint(written: string): string {
  const [, listen, to] =
    /^([\d.-]+(?:\/\w+)?)\s*(?:[-=]+>|[:=→]|\bto\b|\s)\s*([A-Za-z][\w.-]*(?::[\w.:-]+)?)$/.exec(written.trim()) ?? [];
  return listen !== undefined && to !== undefined ? `write ${listen} -> ${to}` : FORM;
}

function parseNode<T>(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  by: { readonly parse: (text: string) => PortParseResult<T>; readonly hint: string },
): T | null {
  const written = typeof node.value === 'number' ? String(node.value) : readString(node);
  if (written === null) return null;
  const parsed = by.parse(written);
  if ('value' in parsed) return parsed.value;
  const hint = parsed.hint ?? (/\b(?:65535|begins)$/.test(parsed.problem) ? null : by.hint);
  report(makeDiagnostic('bad-port', valueOfCursor(node), parsed.problem, { hint }));
  return null;
}

/** The entries under `publish`, as `docker run -p` takes them. */
export function readPublish(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyPublish[] {
  return nonNull(
    listItems(node).map((item) => {
      const published = parseNode(item, report, { parse: parsePublish, hint: PUBLISH_HINT });
      return published && { at: item.path, ...published };
    }),
  );
}

const PUBLISH_HINT = 'write [address:]host:container[/protocol], such as 8080:80';

function parsePublish(text: string): PortParseResult<Omit<TopologyPublish, 'at'>> {
  const [endpoint = '', protocol, ...rest] = text.trim().split('/');
  if (rest.length > 0) return { problem: `${JSON.stringify(text)} has more than one "/"` };
  const protocols = parseProtocols(protocol);
  if ('problem' in protocols) return protocols;
  const short = /^[\d-]*:[\d-]*$/.test(endpoint);
  const parts = short ? { value: { address: null, family: null, rest: endpoint } } : splitAddress(endpoint);
  if ('problem' in parts) return parts;
  const [host, container, ...more] = parts.value.rest.split(':');
  if (host === undefined || container === undefined || more.length > 0) {
    const problem = `${JSON.stringify(text)} does not say both the port of the host and that of the namespace`;
    return { problem, ...(/^\d+$/.test(text) ? { hint: `write ${text}:${text}` } : {}) };
  }
  const hostPorts = parsePorts(host);
  if ('problem' in hostPorts) return hostPorts;
  const ports = parsePorts(container);
  if ('problem' in ports) return ports;
  const { address, family } = parts.value;
  return { value: { address, family, hostPorts: hostPorts.value, ports: ports.value, protocols: protocols.value } };
}

/** The entry of `bad-port` in docs/checks.md. */
export const badPortDoc: CheckDoc = {
  name: 'bad-port',
  code: 'NF1014',
  title: 'Invalid port or forward',
  explain: 'A port is a number from 1 to 65535, or a range of them; a forward leads from a port to a target.',
  bad: `
portForwards: [ "70000 -> 10.0.0.5:80" ]
`,
  good: `
portForwards: [ "8080 -> 10.0.0.5:80" ]
`,
};
