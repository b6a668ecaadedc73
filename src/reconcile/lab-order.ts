/** By lab the labs that come before it. */
type LabsBefore = { readonly [lab: string]: readonly string[] };

/** The labs in the order in which they are applied: each behind those that come before it, else by name. */
export function orderLabs(labs: readonly string[], after: LabsBefore): readonly string[] {
  const ordered: string[] = [];
  const visit = (lab: string): void => {
    if (ordered.includes(lab)) return;
    for (const before of (after[lab] ?? []).toSorted()) if (labs.includes(before)) visit(before);
    ordered.push(lab);
  };
  for (const lab of labs.toSorted()) visit(lab);
  return ordered;
}

/** Labs that wait for each other: each for the next one, the first one again at the end; null: there is no such circle. */
export function circleIn(after: LabsBefore): readonly string[] | null {
  const done = new Set<string>();
  const visit = (lab: string, chain: readonly string[]): readonly string[] | null => {
    const at = chain.indexOf(lab);
    if (at >= 0) return [...chain.slice(at), lab];
    if (done.has(lab)) return null;
    for (const before of after[lab] ?? []) {
      const found = visit(before, [...chain, lab]);
      if (found !== null) return found;
    }
    done.add(lab);
    return null;
  };
  for (const lab of Object.keys(after)) {
    const found = visit(lab, []);
    if (found !== null) return found;
  }
  return null;
}
