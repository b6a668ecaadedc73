import { alignColumns } from '../../model/values/columns.ts';

/** One template per line, with its description. */
export const templatesText = (all: readonly { readonly name: string; readonly about: string }[]): string =>
  `${alignColumns(all.map(({ name, about }) => [name, about])).join('\n')}\n`;
