/** A full cache is cleared as a whole. A lab of thousands of namespaces has fewer entries. */
const MAX_ENTRIES = 50_000;

/** Memoizes a pure function of one string. Results must be immutable. */
export function memoize<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.answer;
    const answer = find(text);
    if (known.size >= MAX_ENTRIES) known.clear();
    known.set(text, { answer });
    return answer;
  };
}
