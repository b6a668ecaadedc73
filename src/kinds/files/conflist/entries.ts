/** The conflists among the files of a topology, or of a lab. */
export const conflistsOf = <File extends { readonly kind: string }>(of: {
  readonly files: readonly File[];
}): readonly File[] => of.files.filter(({ kind }) => kind === 'conflist');
