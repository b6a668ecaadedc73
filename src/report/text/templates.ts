import { alignColumns } from '../../model/values/columns.ts';

/** One template a line, with what it is. */
export const templatesText = (all: readonly { readonly name: string; readonly about: string }[]): string =>
  `${alignColumns(all.map(({ name, about }) => [name, about])).join('\n')}\n`;
