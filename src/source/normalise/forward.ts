import { problem } from '../../model/diagnostic.ts';
import type { Forward, Publish } from '../../model/topology.ts';
import { child, isRecord, items, type Node, onValue, present, type Report, text } from '../node.ts';
import { shapeOf } from './address-words.ts';
import { type Parsed, parseForwardTarget, parseListen, parsePorts, parseProtocols, splitAddress } from './port.ts';

const FORM = 'write [address:]port[/protocol] -> namespace[:port], such as 80 -> blue:8080';

export function readForwards(node: Node, report: Report): readonly Forward[] {
  return present(items(node).map((item) => readForward(item, report)));
}

function readForward(node: Node, report: Report): Forward | null {
  const halves = halvesOf(node, report);
  if (!halves) return null;
  const listen = taken(halves.listen, report, { parse: parseListen, hint: LISTEN });
  const to = taken(halves.to, report, { parse: parseForwardTarget, hint: TO });
  return listen && to && { at: node.path, listen, to };
}

const LISTEN = 'write [address:]port[-port][/tcp, /udp, /sctp or /tcp+udp]';
const TO = 'write namespace:port, namespace:interface:port, address:port or [address]:port';

function halvesOf(node: Node, report: Report): { readonly listen: Node; readonly to: Node } | null {
  if (isRecord(node.value)) return { listen: child(node, 'listen'), to: child(node, 'to') };
  const written = text(node);
  if (written === null) return null;
  const parts = written.split(/\s*->\s*/);
  const [listen, to, ...rest] = parts;
  if (listen && to && rest.length === 0) {
    return { listen: { value: listen, path: node.path }, to: { value: to, path: node.path } };
  }
  report(
    problem('bad-port', onValue(node), `${shapeOf(written)} does not lead from a port to a target`, { hint: FORM }),
  );
  return null;
}

function taken<T>(
  node: Node,
  report: Report,
  by: { readonly parse: (text: string) => Parsed<T>; readonly hint: string },
): T | null {
  const written = typeof node.value === 'number' ? String(node.value) : text(node);
  if (written === null) return null;
  const parsed = by.parse(written);
  if ('value' in parsed) return parsed.value;
  report(problem('bad-port', onValue(node), parsed.trouble, { hint: by.hint }));
  return null;
}

/** The entries under `publish`, as `docker run -p` takes them. */
export function readPublish(node: Node, report: Report): readonly Publish[] {
  return present(
    items(node).map((item) => {
      const published = taken(item, report, { parse: parsePublish, hint: PUBLISH });
      return published && { at: item.path, ...published };
    }),
  );
}

const PUBLISH = 'write [address:]host:container[/protocol], such as 8080:80';

function parsePublish(text: string): Parsed<Omit<Publish, 'at'>> {
  const [endpoint = '', protocol, ...rest] = text.trim().split('/');
  if (rest.length > 0) return { trouble: `${JSON.stringify(text)} has more than one "/"` };
  const protocols = parseProtocols(protocol);
  if ('trouble' in protocols) return protocols;
  const short = /^[\d-]*:[\d-]*$/.test(endpoint);
  const parts = short ? { value: { address: null, rest: endpoint } } : splitAddress(endpoint);
  if ('trouble' in parts) return parts;
  const [host, container, ...more] = parts.value.rest.split(':');
  if (host === undefined || container === undefined || more.length > 0) {
    return { trouble: `${JSON.stringify(text)} does not say both the port of the host and that of the namespace` };
  }
  const hostPorts = parsePorts(host);
  if ('trouble' in hostPorts) return hostPorts;
  const ports = parsePorts(container);
  if ('trouble' in ports) return ports;
  const { address } = parts.value;
  return { value: { address, hostPorts: hostPorts.value, ports: ports.value, protocols: protocols.value } };
}
