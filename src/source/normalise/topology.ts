import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import type { Topology } from '../../model/topology.ts';
import { child, type Node, onValue, type Report, text } from '../node.ts';
import { readSubnets } from './bridge.ts';
import { readCables } from './cable.ts';
import { readConflists } from './conflist.ts';
import { readBlock } from './dns.ts';
import { NAME_RULE, nameTrouble } from './name.ts';
import { readHost, readNamespaces } from './netns.ts';

/** The lab's name is part of marks and of the name of the nftables table. */
const LAB_NAME_LENGTH = 32;

/**
 * The file as it was meant: short forms written out, addresses in canonical text, references split. Values of a wrong
 * type are passed over (the schema's errors say so), those with wrong content are left out and reported.
 */
export function normalise(value: Json): { readonly topology: Topology; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const root: Node = { value, path: [] };
  const topology: Topology = {
    name: readLabName(child(root, 'name'), report),
    at: { name: ['name'] },
    subnets: readSubnets(child(root, 'subnets'), report),
    host: readHost(root, report),
    namespaces: readNamespaces(child(root, 'namespaces'), report),
    cables: readCables(child(root, 'links'), report),
    dns: readBlock(child(root, 'dns'), report),
    conflists: readConflists(child(root, 'cni'), report),
  };
  return { topology, diagnostics };
}

function readLabName(node: Node, report: Report): string {
  const name = text(node);
  if (name === null) return '';
  const long = name.length > LAB_NAME_LENGTH;
  const message = long
    ? `the name of the lab has ${name.length} characters; at most ${LAB_NAME_LENGTH} are allowed`
    : nameTrouble(name);
  if (message) report(problem('bad-name', onValue(node), message, { hint: long ? null : NAME_RULE }));
  return name;
}
