import { hashLinkName, shortLinkName } from './name.ts';

/** A bridge port that needs a name: the interface at its other end, and the namespace of the bridge. */
type BridgePortSource = { readonly netns: string; readonly interface: string; readonly bridgeNetns: string };
type BridgePortName = { readonly name: string; readonly label: string };

/**
 * The names of generated bridge ports, in the order of `ports`: `<interface>-br` when the namespace's name is one of the
 * interface's words, otherwise `<namespace>-<interface>`; where two names meet in one namespace, the next form for both.
 * `taken` holds the names that the user gave, as `<namespace>/<kernel's name>`; those stay.
 */
export function bridgePortNames(
  ports: readonly BridgePortSource[],
  taken: ReadonlySet<string>,
): readonly BridgePortName[] {
  const forms: number[] = ports.map((port) => (hasWord(port) ? 0 : 1));
  for (
    let clash = findNameClashes(ports, forms, taken);
    clash.length > 0;
    clash = findNameClashes(ports, forms, taken)
  ) {
    for (const index of clash) forms[index] = (forms[index] ?? 0) + 1;
  }
  return ports.map((port, index) => portNameOfForm(port, forms[index] ?? LAST_FORM));
}

const LAST_FORM = 2;

/** `veth-red` and `red`, `veth-web-1` and `web-1`. */
const hasWord = (port: BridgePortSource): boolean => `-${port.interface}-`.includes(`-${port.netns}-`);

function portNameOfForm(port: BridgePortSource, form: number): BridgePortName {
  const second = `${port.netns}-${port.interface}`;
  if (form >= LAST_FORM) return { name: hashLinkName(second, `${port.netns}/${port.interface}`), label: second };
  const label = form === 0 ? `${port.interface}-br` : second;
  return { name: shortLinkName(label), label };
}

/** The ports with a conflicting name that get their next form: those of the earliest form; a port's last form stays. */
function findNameClashes(
  ports: readonly BridgePortSource[],
  forms: readonly number[],
  taken: ReadonlySet<string>,
): number[] {
  const meeting = new Map<string, number[]>();
  for (const [index, port] of ports.entries()) {
    const key = `${port.bridgeNetns}/${portNameOfForm(port, forms[index] ?? LAST_FORM).name}`;
    const group = meeting.get(key) ?? [];
    group.push(index);
    meeting.set(key, group);
  }
  return [...meeting].flatMap(([key, group]) => {
    if (group.length < 2 && !taken.has(key)) return [];
    const least = Math.min(...group.map((index) => forms[index] ?? LAST_FORM));
    return least >= LAST_FORM ? [] : group.filter((index) => forms[index] === least);
  });
}
