import type { Json } from '../json.ts';
import type { CheckName } from './check-codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Path, SourceLocation } from './source-location.ts';

/** The questions that a kind may ask about the lab when it checks the options of one link. */
export type LinkOptionsContext = {
  readonly netns: string;
  /** How a person calls the link. */
  readonly phrase: string;
  /** Where the option is written; the place of the link's own options when it is not. */
  readonly at: (field: string) => Path;
  readonly isWritten: (field: string) => boolean;
  /** What a target, or each of a list of them, resolves to. `ref`: the namespace or interface that it names; null: an address is written. */
  readonly targetsOf: (field: string) => readonly LinkTarget[];
  /** The link below. */
  readonly lower: LowerLinkFacts | null;
  /** The other links on the same link below, of any kind. */
  readonly siblings: readonly {
    readonly kind: string;
    readonly phrase: string;
    /** An option as it is written, or its default; null: neither. */
    readonly option: (field: string) => Json;
  }[];
  /** The links that are its ports. */
  readonly ports: readonly string[];
  readonly isOwnAddress: (address: string) => boolean;
  /** The addresses of the namespace; null where not all of them are known. */
  readonly ownAddresses: readonly string[] | null;
  /** The LAN that an address is on, when all who are on it are known. */
  readonly lanOf: (address: string) => LinkLan | null;
  readonly report: (
    check: CheckName,
    at: SourceLocation,
    message: string,
    more?: Partial<Pick<Diagnostic, 'severity' | 'hint'>>,
  ) => void;
};

/** A resolved target, and where it is written. */
export type LinkTarget = { readonly address: string; readonly ref: string | null; readonly at: Path };

/** The facts about the link below that a kind may use. */
export type LowerLinkFacts = {
  readonly name: string;
  /** It is the link, or the bridge that the link is a port of. */
  readonly isItself: boolean;
  /** The file says what it is: it is not just one that the machine has. */
  readonly isDeclared: boolean;
  readonly isPort: boolean;
  /** Of a link with a kind of its own. */
  readonly kind: string | null;
};

/** A LAN that only the lab is on. */
export type LinkLan = {
  readonly label: string;
  readonly addresses: readonly { readonly address: string; readonly netns: string; readonly phrase: string }[];
};
