/** The lab's lines in name files, by absolute path. */
export type HostsFilesSpec = { readonly netns: string; readonly files: { readonly [path: string]: readonly string[] } };
