import { problem } from '../../model/diagnostic.ts';
import type { At, Dns } from '../../model/topology.ts';
import { isHostname } from '../../net/name.ts';
import {
  at,
  child,
  entries,
  flag,
  isRecord,
  items,
  type Node,
  onKey,
  onValue,
  present,
  type Report,
  text,
} from '../node.ts';
import { shapeOf } from './address-words.ts';
import { readTarget, type Target } from './name.ts';

/** A `dns` block; null when there is none. What it does not say is null. */
export function readDns(node: Node, report: Report): Dns | null {
  return isRecord(node.value) ? readBlock(node, report) : null;
}

/** The lab's `dns` block, with nothing said when there is none. */
export function readBlock(node: Node, report: Report): Dns {
  return {
    at: node.path,
    names: flag(child(node, 'names')),
    hosts: isRecord(child(node, 'hosts').value) ? readHosts(child(node, 'hosts'), report) : null,
    search: texts(child(node, 'search'), report, searchTrouble),
    nameservers: listed(child(node, 'nameservers')) ? readTargets(child(node, 'nameservers'), report) : null,
    options: texts(child(node, 'options'), report, optionTrouble),
    order: texts(child(node, 'order'), report, orderTrouble),
  };
}

const listed = (node: Node): boolean => typeof node.value === 'string' || Array.isArray(node.value);

function readHosts(node: Node, report: Report): NonNullable<Dns['hosts']> {
  return entries(node).map(({ name, node }) => {
    if (!isHostname(name)) {
      const message = `${shapeOf(name)} is not a host name`;
      report(problem('bad-hostname', onKey(node), message, { hint: HOSTNAME_RULE }));
    }
    return { name, at: node.path, to: readTargets(node, report) };
  });
}

const HOSTNAME_RULE = 'a host name is made of letters, digits and inner hyphens, with dots between its parts';

function readTargets(node: Node, report: Report): readonly At<Target>[] {
  return present(items(node).map((item) => at(item, readTarget(item, report))));
}

type Trouble = { readonly check: 'bad-hostname' | 'bad-value'; readonly message: string; readonly hint: string };

/** The texts that are fine; null when the key is not written. */
function texts(node: Node, report: Report, troubleOf: (text: string) => Trouble | null): readonly string[] | null {
  if (!listed(node)) return null;
  return present(
    items(node).map((item) => {
      const written = text(item);
      const trouble = written === null ? null : troubleOf(written);
      if (trouble) report(problem(trouble.check, onValue(item), trouble.message, { hint: trouble.hint }));
      return trouble ? null : written;
    }),
  );
}

function searchTrouble(written: string): Trouble | null {
  // resolv.conf(5): "." searches the root, that is, nothing.
  if (written === '.' || isHostname(written)) return null;
  return { check: 'bad-hostname', message: `${shapeOf(written)} is not a domain`, hint: HOSTNAME_RULE };
}

function optionTrouble(written: string): Trouble | null {
  if (/^[a-z][a-z0-9-]*(?::[0-9]{1,5})?$/.test(written)) return null;
  const hint = 'write one option an item, as resolv.conf has it: ndots:2';
  return { check: 'bad-value', message: `${shapeOf(written)} is not an option of resolv.conf`, hint };
}

function orderTrouble(written: string): Trouble | null {
  if (/^(?:[a-z][a-z0-9_]*|\[!?[A-Za-z]+=[A-Za-z]+\])$/.test(written)) return null;
  const hint = 'write one source an item, as nsswitch.conf has it: [files, dns]';
  return { check: 'bad-value', message: `${shapeOf(written)} is not a source of names`, hint };
}
