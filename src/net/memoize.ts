/** More than this are forgotten together: a lab of thousands has fewer. */
const MAX_ENTRIES = 50_000;

/** The same function of a text, which finds the answer to each text once. The answers must be values. */
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
