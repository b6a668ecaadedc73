/** A lab that was renamed, and the file that still says its former name; null: standard input, or it says the new one. */
export type RenameResult = { readonly from: string; readonly to: string; readonly staleFile: string | null };
