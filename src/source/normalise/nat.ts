import { problem } from '../../model/diagnostic.ts';
import type { At, Nat, NatSource } from '../../model/topology.ts';
import { child, isRecord, items, type Node, onKey, onValue, present, type Report, text } from '../node.ts';
import { readNetwork } from './address.ts';
import { looksLikeAddress } from './address-words.ts';
import { readDevice } from './name.ts';
import { parseAddressWithPorts } from './port.ts';

export function readNat(node: Node, report: Report): readonly Nat[] {
  return present(items(node).map((item) => readEntry(item, report)));
}

function readEntry(node: Node, report: Report): Nat | null {
  if (!isRecord(node.value)) return null;
  const [masquerade, snat, asNode] = [child(node, 'masquerade'), child(node, 'snat'), child(node, 'as')];
  const kind = snat.value === undefined ? 'masquerade' : 'snat';
  if (masquerade.value === undefined && snat.value === undefined) {
    const hint = 'add `masquerade: <bridge>`, or `snat: <bridge>` with `as: <address>`';
    report(problem('missing-key', onValue(node), 'the entry says neither "masquerade" nor "snat"', { hint }));
    return null;
  }
  if (masquerade.value !== undefined && snat.value !== undefined) {
    const related = [{ at: onKey(masquerade), message: 'masquerade stands here' }];
    const hint = 'make two entries of it';
    report(problem('bad-value', onKey(snat), 'one entry is either masquerade or snat', { related, hint }));
    return null;
  }
  if (kind === 'snat' && asNode.value === undefined) {
    const hint = 'add `as: 203.0.113.5`';
    report(problem('missing-key', onKey(snat), 'snat needs the key "as": the address that is taken', { hint }));
  }
  if (kind === 'masquerade' && asNode.value !== undefined) {
    const hint = 'write snat instead of masquerade, or leave "as" out';
    report(problem('bad-value', onKey(asNode), 'masquerade takes the address of the outgoing interface', { hint }));
  }
  const source = kind === 'snat' ? snat : masquerade;
  const from = present(items(source).map((item) => readSource(item, report)));
  const as = kind === 'snat' ? readAs(asNode, report) : null;
  const out = readDevice(child(node, 'out'), report);
  const exceptTo = present(items(child(node, 'exceptTo')).map((item) => readSource(item, report)));
  if (from.length === 0 || (kind === 'snat' && !as)) return null;
  return { at: node.path, kind, from, out, exceptTo, as };
}

function readSource(node: Node, report: Report): At<NatSource> | null {
  const written = text(node);
  if (written === null) return null;
  if (written === 'any') return { value: { any: true }, at: node.path };
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'allowed');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const name = readDevice(node, report);
  return name && { value: { name: name.value }, at: node.path };
}

function readAs(node: Node, report: Report): Nat['as'] {
  const written = text(node);
  if (written === null) return null;
  const parsed = parseAddressWithPorts(written);
  if ('value' in parsed) return { value: parsed.value, at: node.path };
  const check = /port|range/.test(parsed.trouble) ? 'bad-port' : 'bad-address';
  const hint = 'write 203.0.113.5, 203.0.113.5:10000-10999 or [2001:db8::5]:10000-10999';
  report(problem(check, onValue(node), parsed.trouble, { hint }));
  return null;
}
