/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The bodies of the sections of a text by their titles: a section begins with `== title`. */
export function splitSections(output: string): Map<string, string> {
  const parts = output.split(/^== (.*)$/m).slice(1);
  const sections = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? '', (parts[i + 1] ?? '').trimStart());
  return sections;
}

/** The namespace in a title: `host` of `host links`. */
export const ownerOf = (title: string): string => title.slice(0, title.lastIndexOf(' '));

/** The lines of a body that are not empty. */
export const bodyLines = (body: string): readonly string[] => body.split('\n').filter((line) => line !== '');
