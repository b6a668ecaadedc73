import type { Neighbour } from '../../model/topology.ts';
import { child, items, type Node, present, type Report } from '../node.ts';
import { readAddress, readMac } from './address.ts';
import { readDevice } from './name.ts';

export function readNeighbours(node: Node, report: Report): readonly Neighbour[] {
  return present(
    items(node).map((item) => {
      const to = readAddress(child(item, 'to'), report);
      const mac = readMac(child(item, 'mac'), report);
      const dev = readDevice(child(item, 'dev'), report);
      return to && mac && dev && { at: item.path, to, mac, dev };
    }),
  );
}
