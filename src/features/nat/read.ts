import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../source/cursor.ts';
import { readNetwork } from '../../source/normalise/address.ts';
import { looksLikeAddress } from '../../source/normalise/address-errors.ts';
import { readSelector } from '../../source/normalise/labels/selector.ts';
import { parseRef, readDeviceName } from '../../source/normalise/name.ts';
import { parseAddressWithPorts } from '../../source/normalise/port.ts';
import type { TopologyNat, TopologyNatSource } from './topology.ts';

/** The entries under `nat`. What is wrong with one is reported, and the entry left out. */
export function readNat(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyNat[] {
  return nonNull(listItems(node).map((item) => readNatEntry(item, report)));
}

function readNatEntry(node: SourceCursor, report: SourceDiagnosticReporter): TopologyNat | null {
  if (!isJsonObject(node.value)) return null;
  const [masquerade, snat, asNode] = [
    childCursor(node, 'masquerade'),
    childCursor(node, 'snat'),
    childCursor(node, 'as'),
  ];
  const kind = snat.value === undefined ? 'masquerade' : 'snat';
  if (masquerade.value === undefined && snat.value === undefined) {
    const hint = 'add `masquerade: <bridge>`, or `snat: <bridge>` with `as: <address>`';
    report(
      makeDiagnostic('missing-key', valueOfCursor(node), 'the entry has neither "masquerade" nor "snat"', { hint }),
    );
    return null;
  }
  if (masquerade.value !== undefined && snat.value !== undefined) {
    const related = [{ at: keyOfCursor(masquerade), message: 'masquerade stands here' }];
    const hint = 'make two entries of it';
    report(makeDiagnostic('bad-value', keyOfCursor(snat), 'one entry is either masquerade or snat', { related, hint }));
    return null;
  }
  if (kind === 'snat' && asNode.value === undefined) {
    const hint = 'add `as: 203.0.113.5`';
    report(
      makeDiagnostic('missing-key', keyOfCursor(snat), 'snat needs the key "as": the address that is taken', { hint }),
    );
  }
  if (kind === 'masquerade' && asNode.value !== undefined) {
    const hint = 'write snat instead of masquerade, or leave "as" out';
    report(
      makeDiagnostic('bad-value', keyOfCursor(asNode), 'masquerade takes the address of the outgoing interface', {
        hint,
      }),
    );
  }
  const source = kind === 'snat' ? snat : masquerade;
  const from = nonNull(listItems(source).map((item) => readNatSource(item, report)));
  const as = kind === 'snat' ? readSnatAddress(asNode, report) : null;
  const out = readDeviceName(childCursor(node, 'out'), report);
  const exceptTo = nonNull(listItems(childCursor(node, 'exceptTo')).map((item) => readNatSource(item, report)));
  if (from.length === 0 || (kind === 'snat' && !as)) return null;
  return { at: node.path, kind, from, out, exceptTo, as };
}

function readNatSource(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<TopologyNatSource> | null {
  const selector = readSelector(node, report);
  if (selector) return { value: { selector }, at: node.path };
  const written = readString(node);
  if (written === null) return null;
  if (written === 'any') return { value: { any: true }, at: node.path };
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'allowed');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const ref = parseRef(written);
  if (ref) return { value: ref, at: node.path };
  readDeviceName(node, report);
  return null;
}

function readSnatAddress(node: SourceCursor, report: SourceDiagnosticReporter): TopologyNat['as'] {
  const written = readString(node);
  if (written === null) return null;
  const parsed = parseAddressWithPorts(written);
  if ('value' in parsed) return { value: parsed.value, at: node.path };
  const check = /port|range/.test(parsed.problem) ? 'bad-port' : 'bad-address';
  const hint = 'write 203.0.113.5, 203.0.113.5:10000-10999 or [2001:db8::5]:10000-10999';
  report(makeDiagnostic(check, valueOfCursor(node), parsed.problem, { hint }));
  return null;
}
