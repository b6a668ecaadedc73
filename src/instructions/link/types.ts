import type { Spec } from '../../model/json.ts';

/** Links. They are named, never numbered. */
export type LinkInstruction = AddLink | SetLink | MoveLink | DeleteLink;

/** A link of any kind, or a pair with both its ends; `master` is a link of the same namespace. */
export type AddLink = {
  readonly do: 'link.add';
  readonly netns: string;
  readonly name: string;
  readonly kind: string;
  /** Empty: the kernel's choice. */
  readonly mac: string;
  readonly mtu: number | null;
  readonly group: number;
  readonly master: string | null;
  /** The link below; one of the host with a link in another namespace is made there and put into its namespace. */
  readonly lower: { readonly netns: string; readonly name: string } | null;
  readonly options: Spec;
  readonly peer: {
    readonly netns: string;
    readonly name: string;
    readonly mac: string;
    readonly mtu: number | null;
    readonly group: number;
  } | null;
};

/** Only what is present is changed. The options of a kind go in one message of their own, `hairpin` and the words of `port` in another. */
export type LinkSettings = {
  readonly alias?: string;
  readonly group?: number;
  readonly up?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  readonly master?: string | null;
  readonly options?: { readonly kind: string; readonly values: Spec };
  readonly hairpin?: boolean;
  readonly port?: Spec;
};

/** Changes a link. */
export type SetLink = {
  readonly do: 'link.set';
  readonly netns: string;
  readonly name: string;
  readonly set: LinkSettings;
};

/** Puts a link into another namespace, under that name; of the same namespace: renames it. It is down then, and has no master. */
export type MoveLink = {
  readonly do: 'link.move';
  readonly netns: string;
  readonly name: string;
  readonly to: { readonly netns: string; readonly name: string };
};

/** Deletes a link, and with it the other end of a veth pair. */
export type DeleteLink = { readonly do: 'link.delete'; readonly netns: string; readonly name: string };
