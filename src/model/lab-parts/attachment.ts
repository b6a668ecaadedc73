import type { Json, Spec } from '../json.ts';
import type { LabAttachment } from './lab-attachment.ts';

/** What it takes to attach an interface to a CNI network, and to know it again. */
export type AttachmentDescription = Pick<
  LabAttachment,
  'netns' | 'dev' | 'network' | 'config' | 'capabilities' | 'args' | 'prefixes' | 'defaults'
> & {
  /** Always `attached`; what is found may be something else, in words. */
  readonly place: string;
};

/** The `place` of an attachment that is as its plugins made it. */
export const ATTACHED = 'attached';

/** What is there of an attachment that netform made. */
export type AttachmentLive = {
  /** `attached`, or what is wrong with it: `its address 10.22.0.2/16 is gone`. */
  readonly place: string;
  /** Its description when it was made. */
  readonly spec: Spec;
  /** The result of the plugins; null: they were interrupted. */
  readonly result: CniResult | null;
};

/** The uid of what `netform cni add` attaches: no lab has it. */
export const HAND_UID = 'hand';

/** An attachment that netform has written down. */
export type KnownAttachment = {
  /** That of its lab, or `hand`. */
  readonly uid: string;
  readonly attachment: AttachmentDescription;
  /** Why it cannot be in use any more: `it is in a namespace that is gone`; null: it may be. */
  readonly lost: string | null;
};

/** The result of a plugin, as far as it is read; all of it is kept. */
export type CniResult = { readonly [key: string]: Json };

/** The container id of a namespace of a lab: it names what plugins keep of it. */
export const containerIdOf = (uid: string, netns: string): string => `netform-${uid}-${netns}`;

/** The namespace of a container id of any lab; null: it is none of netform's. */
export const netnsOfContainerId = (id: string): string | null => /^netform-[^-]+-(.+)$/.exec(id)?.[1] ?? null;

/** An address that a CNI network has given to a container. */
export type NetworkAddressLive = {
  readonly address: string;
  readonly containerId: string;
  /** Empty: its plugin does not write it down. */
  readonly dev: string;
};

/** By what rules and chains of plugins are known to be of attachments of netform. */
export type AttachmentTraces = { readonly chains: readonly string[]; readonly addresses: readonly string[] };

/**
 * Something of plugins (`the bridge cni0`), and who uses it (`veth1 is a port of it`). `isProcess`: it is a process of theirs,
 * which no other user needs to be there for.
 */
export type PluginObjectUse = { readonly what: string; readonly because: string; readonly isProcess?: true };

/** What can be asked of the machine about attachments. */
export type AttachmentNeeds = {
  /** What is there of an interface that CNI plugins made for netform, by `<uid of the lab>/<interface>`; no answer: nothing. */
  readonly attachment: {
    readonly of: { readonly netns: string; readonly key: string };
    readonly answer: AttachmentLive;
  };
  /** Everything that netform has attached on this machine, of all labs and by hand. */
  readonly 'known-attachments': { readonly of: unknown; readonly answer: readonly KnownAttachment[] };
  /** What the plugins of the attachments of all labs have in nftables: names of their own chains, and addresses. */
  readonly 'attachment-traces': { readonly of: unknown; readonly answer: AttachmentTraces };
  /** What plugins have made for attachments that are there, and will not remove themselves (`the bridge cni0`). */
  readonly 'plugin-objects': { readonly of: unknown; readonly answer: readonly string[] };
  /** Who uses bridges, and chains that plugins share. */
  readonly 'plugin-object-uses': { readonly of: unknown; readonly answer: readonly PluginObjectUse[] };
  /** The addresses that host-local has given out, by its folder for a network. */
  readonly 'network-addresses': {
    readonly of: { readonly key: string };
    readonly answer: readonly NetworkAddressLive[];
  };
};
