/** The objects that `forget` stops managing: a whole lab, or one object of it. `ids` is null when the state cannot be read. */
export type ForgetScope = { readonly lab: string; readonly ids: readonly string[] | null; readonly whole: boolean };
