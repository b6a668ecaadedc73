/** What is wrong with a text as XML: a tag that is not closed, an attribute twice, a bare `&` or `<`. Null: nothing. */
export function xmlError(text: string): string | null {
  const open: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [content = ''] = /^[^<]*/.exec(rest) ?? [];
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(content)) return `a bare & in ${content.slice(0, 60)}`;
    if (content.trim() !== '' && open.length === 0) return `text outside of the root: ${content.slice(0, 60)}`;
    rest = rest.slice(content.length);
    if (rest === '') break;
    const tag = /^<(?:\/([\w-]+)>|([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>)/.exec(rest);
    if (!tag) return `no tag: ${rest.slice(0, 60)}`;
    const [all, closed, opened = '', attributes = '', isEmpty] = tag;
    const names = [...attributes.matchAll(/\s([\w:-]+)="([^"]*)"/g)];
    if (new Set(names.map(([, name]) => name)).size !== names.length) return `an attribute twice: ${all}`;
    if (names.some(([, , value = '']) => /&(?!(?:amp|lt|gt|quot|#39);)/.test(value))) return `a bare & in ${all}`;
    if (closed !== undefined && open.pop() !== closed) return `</${closed}> closes another`;
    if (closed === undefined && isEmpty !== '/') open.push(opened);
    rest = rest.slice(all.length);
  }
  return open.length === 0 ? null : `not closed: ${open.join(', ')}`;
}
