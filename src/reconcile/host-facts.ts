/** The facts of a machine: its name, and the first IPv4 address of each of its links. */
export type HostFacts = { readonly name: string; readonly addresses: ReadonlyMap<string, string> };

const REFERENCE = /\$\{([^{}]*)\}/g;
const ADDRESS = 'host.address.';

/** The references in a text that are not to a fact of a machine. */
export const unknownFacts = (text: string): readonly string[] =>
  [...text.matchAll(REFERENCE)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'host.name' && !(name.startsWith(ADDRESS) && name.length > ADDRESS.length));

/** The text with the facts filled in, or the one that this machine lacks. */
export function fillFacts(
  text: string,
  { name, addresses }: HostFacts,
): { readonly text: string } | { readonly lacks: string } {
  let lacks: string | null = null;
  const filled = text.replace(REFERENCE, (whole: string, fact: string) => {
    const found = fact === 'host.name' ? name : addresses.get(fact.slice(ADDRESS.length));
    if (found === undefined) lacks ??= fact;
    return found ?? whole;
  });
  return lacks === null ? { text: filled } : { lacks };
}
