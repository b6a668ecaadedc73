/** nftables tables. */
export type NftInstruction =
  /**
   * `script` is the whole `table FAMILY NAME { … }`; one transaction deletes the table of that name, if any, and loads it.
   * `changes` make the same of the table that is there, where what differs is known: the commands of one transaction each.
   */
  | {
      readonly do: 'nft.replace';
      readonly netns: string;
      readonly table: string;
      /** `inet` when it is left out. */
      readonly family?: 'netdev' | 'bridge';
      readonly script: string;
      readonly changes?: readonly string[];
    }
  /** `family`: `inet` when it is left out. */
  | { readonly do: 'nft.delete'; readonly netns: string; readonly table: string; readonly family?: string };
