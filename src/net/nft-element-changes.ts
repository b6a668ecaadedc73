/** Changing more than this share of the elements takes as long as loading the table again. */
const MOST_CHANGED = 1 / 4;

/**
 * The commands of nft that make one table (`inet netform_lab`) of another, when the two scripts differ only in elements of maps and sets,
 * and in few of them; null otherwise. Each element stands on a line of its own: `elements = {`, the elements, `}`.
 */
export function nftElementChanges(table: string, from: string, to: string): string | null {
  const [before, after] = [readElements(from), readElements(to)];
  if (before.frame !== after.frame) return null;
  const changes = [...after.elements].map(([name, wanted]) => {
    const there = before.elements.get(name) ?? new Set();
    return {
      name,
      removed: [...there].filter((element) => !wanted.has(element)),
      added: [...wanted].filter((element) => !there.has(element)),
    };
  });
  const changed = changes.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0);
  if (changed === 0 || changed > before.count * MOST_CHANGED) return null;
  const commands = (verb: string, of: (change: ElementChange) => readonly string[]): readonly string[] =>
    changes.flatMap((change) => {
      const elements = of(change);
      return elements.length === 0 ? [] : [`${verb} element ${table} ${change.name} { ${elements.join(', ')} }\n`];
    });
  // The key of a map identifies its element.
  return [
    ...commands('delete', ({ removed }) => removed.map((element) => element.replace(/ : .*$/, ''))),
    ...commands('add', ({ added }) => added),
  ].join('');
}

type ElementChange = { readonly removed: readonly string[]; readonly added: readonly string[] };

/** `frame`: the script without the elements. `elements`: by name of the map or set. */
type TableElements = {
  readonly frame: string;
  readonly elements: ReadonlyMap<string, ReadonlySet<string>>;
  readonly count: number;
};

function readElements(script: string): TableElements {
  const frame: string[] = [];
  const elements = new Map<string, Set<string>>();
  let [name, count] = ['', 0];
  let open: Set<string> | null = null;
  for (const line of script.split('\n')) {
    const text = line.trim();
    if (open !== null && text !== '}') {
      open.add(text.endsWith(',') ? text.slice(0, -1) : text);
      count += 1;
      continue;
    }
    open = null;
    frame.push(line);
    if (text.startsWith('map ') || text.startsWith('set ')) name = text.split(' ')[1] ?? '';
    if (text !== 'elements = {') continue;
    open = new Set();
    elements.set(name, open);
  }
  return { frame: frame.join('\n'), elements, count };
}
