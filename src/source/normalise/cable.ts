import { problem } from '../../model/diagnostic.ts';
import type { At, Cable, Ref } from '../../model/topology.ts';
import { at, child, integer, isRecord, items, type Node, onValue, present, type Report, text } from '../node.ts';
import { shapeOf } from './address-words.ts';
import { parseRef } from './name.ts';

const FORM = 'write namespace:interface -- namespace:interface';

/** The entries under `links`. */
export function readCables(node: Node, report: Report): readonly Cable[] {
  return present(items(node).map((item) => readCable(item, report)));
}

function readCable(node: Node, report: Report): Cable | null {
  const mtu = child(node, 'mtu');
  const ends = isRecord(node.value) ? longEnds(child(node, 'ends'), report) : shortEnds(node, report);
  return ends && { at: node.path, ends, mtu: at(mtu, integer(mtu)) };
}

function shortEnds(node: Node, report: Report): Cable['ends'] | null {
  const written = text(node);
  if (written === null) return null;
  const parts = written.split(/\s*--\s*/);
  if (parts.length !== 2) {
    const message = `${shapeOf(written)} is not a cable between two ends`;
    report(problem('bad-reference', onValue(node), message, { hint: FORM }));
    return null;
  }
  return pair(parts.map((part) => readEnd({ value: part.trim(), path: node.path }, report)));
}

function longEnds(node: Node, report: Report): Cable['ends'] | null {
  return pair(items(node).map((item) => readEnd(item, report)));
}

const pair = ([left, right]: readonly (At<Ref> | null)[]): Cable['ends'] | null =>
  left && right ? [left, right] : null;

function readEnd(node: Node, report: Report): At<Ref> | null {
  const written = text(node);
  if (written === null) return null;
  const ref = parseRef(written);
  if (ref?.part) return at(node, ref);
  const message = ref
    ? `the end ${written} does not say which interface`
    : `${shapeOf(written)} is not an end of a cable`;
  report(problem('bad-reference', onValue(node), message, { hint: ref ? `write ${written}:eth0` : FORM }));
  return null;
}
