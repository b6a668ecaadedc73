/** A port `dev` of a bridge gets the frames of a multicast group without asking, or no more. `vlan` null: the bridge keeps none apart. */
export type MdbInstruction = {
  readonly do: 'mdb.add' | 'mdb.delete';
  readonly netns: string;
  readonly bridge: string;
  readonly dev: string;
  readonly group: string;
  readonly vlan: number | null;
};
