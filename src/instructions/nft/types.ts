/** nftables tables. */
export type NftInstruction =
  /** `script` is the whole `table inet NAME { … }`; one transaction deletes the table of that name, if any, and loads it. */
  | { readonly do: 'nft.replace'; readonly netns: string; readonly table: string; readonly script: string }
  /** `family`: `inet` when it is left out. */
  | { readonly do: 'nft.delete'; readonly netns: string; readonly table: string; readonly family?: string };
