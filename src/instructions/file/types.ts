/** Whole files, and blocks of lines in files that others write too. */
export type FileInstruction =
  /** `exclusive`: the file must not exist. Otherwise it is replaced atomically. Folders on the way are made. */
  | { readonly do: 'file.write'; readonly path: string; readonly content: string; readonly exclusive: boolean }
  /**
   * Puts the bytes of a digest into a file, with a mode (octal digits) and an owner (`uid:gid`), whole or not at all. `bytes`
   * gives them, one character for each, and is not written down.
   */
  | {
      readonly do: 'file.put';
      readonly path: string;
      readonly sha: string;
      readonly mode: string;
      readonly owner: string;
      /** The bytes are never shown. */
      readonly isSecret: boolean;
      readonly bytes: () => string | null;
    }
  /**
   * Removes the file, and the folders that netform made and that are empty then. `andFolder` says so of the file's own
   * folder to a shell, which does not remember who made it.
   */
  | { readonly do: 'file.delete'; readonly path: string; readonly andFolder: boolean }
  /** Puts the lab's block of lines into the file: `insertManagedBlock` over its present bytes. Folders and file are made. */
  | { readonly do: 'file.block'; readonly path: string; readonly mark: string; readonly lines: readonly string[] }
  /** Takes the block out (`removeManagedBlock`); the file is deleted too when that gives null, and then its folders as above. */
  | { readonly do: 'file.unblock'; readonly path: string; readonly mark: string; readonly andFolder: boolean };
