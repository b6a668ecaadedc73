import type { Json, Spec } from '../../model/json.ts';
import type { LinkKind, LinkOptions } from '../../model/link-kind.ts';
import { lowerOf } from '../../model/link-kind.ts';
import type { FieldPath } from '../../model/operation.ts';
import type { OriginalLinkMark } from './link-attributes.ts';

/**
 * The recorded spec of a link with one end. The options of its kind are beside these fields, or in the field that the kind
 * calls `nested`. Of a bridge, `master` is a VRF; left out: none.
 */
export type LinkSpec = {
  readonly netns: string;
  readonly name: string;
  /** What the user wrote; another than `name` when that had to be shorter. */
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly master?: string | null;
  /** What it has as a port that a new one has not; left out: nothing. */
  readonly portSettings?: Spec;
  /** Of one that is not ours. */
  readonly former?: OriginalLinkMark;
};

/** The fields of a `LinkSpec` that only say whose the link is. */
export const LINK_MARK_FIELDS: readonly FieldPath[] = [['label'], ['former']];

/** A link as this file's functions take it apart: the common fields, and the options of its kind. */
export type SplitLink = { readonly common: LinkSpec; readonly options: LinkOptions };

/** The recorded form of a link. */
export function joinSpec(kind: LinkKind, { common, options }: SplitLink): Spec {
  const { former, ...rest } = common;
  const own: { readonly [key: string]: Json } = kind.nested === undefined ? options : { [kind.nested]: options };
  return { ...rest, ...own, ...(former ? { former } : {}) };
}

/** A recorded link taken apart again. */
export function splitSpec(kind: LinkKind, spec: Spec): SplitLink {
  const { netns, name, label, mac, mtu, up, master, portSettings, former, ...own } = spec as LinkSpec & Spec;
  const nested = kind.nested === undefined ? own : (own[kind.nested] as LinkOptions);
  return {
    common: {
      netns,
      name,
      label,
      mac,
      mtu,
      up,
      ...(master === undefined ? {} : { master }),
      ...portField(portSettings),
      ...(former ? { former } : {}),
    },
    options: nested,
  };
}

/** For spreading into a spec: the settings of a port where there are any. */
export const portField = (port: Spec | undefined): { readonly portSettings?: Spec } =>
  port === undefined || Object.keys(port).length === 0 ? {} : { portSettings: port };

/** Where a recorded link has its link below. */
export const lowerOfSpec = (kind: LinkKind, spec: Spec): ReturnType<typeof lowerOf> => {
  const { common, options } = splitSpec(kind, spec);
  return lowerOf(kind, { netns: common.netns, options });
};

/** The options that the kernel does not change from one recorded link to another, beside those that it never changes. */
export const fixedOptions = (kind: LinkKind, before: Spec, after: Spec): readonly string[] =>
  kind.fixedBetween?.(splitSpec(kind, before).options, splitSpec(kind, after).options) ?? [];
