import { hashLinkName, isName, LINK_NAME_BYTES } from '../../../net/name.ts';

/** The names of interfaces in the topology, by node and by the name in the file; the same whenever asked. */
export type InterfaceNames = {
  readonly nameOf: (node: string, link: string) => string;
  /** One line for each name that is another here. */
  readonly renamed: () => readonly string[];
};

/** A topology's names begin with a letter, consist of letters, digits, `_`, `.` and `-`, and have at most 15 characters. */
export function interfaceNames(): InterfaceNames {
  const names = new Map<string, Map<string, string>>();
  return {
    nameOf: (node, link) => {
      const known = names.get(node) ?? new Map<string, string>();
      names.set(node, known);
      const name = known.get(link) ?? validName(link, new Set(known.values()));
      known.set(link, name);
      return name;
    },
    renamed: () =>
      [...names].flatMap(([node, links]) =>
        [...links]
          .filter(([link, name]) => link !== name)
          .map(([link, name]) => `the name ${link} of an interface of ${node}; here it is ${name}`),
      ),
  };
}

function validName(link: string, taken: ReadonlySet<string>): string {
  const plain = link.replace(/[^A-Za-z0-9_.-]/g, '-');
  const begun = /^[A-Za-z]/.test(plain) ? plain : `e${plain}`;
  const fits = isName(begun) && begun.length <= LINK_NAME_BYTES && (begun !== 'lo' || link === 'lo');
  return fits && !taken.has(begun) ? begun : hashLinkName(begun, link);
}
