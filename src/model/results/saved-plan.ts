import type { UnmanagedLine } from '../kind.ts';
import type { Operation, PlanLine } from '../operation.ts';
import type { PlanFacts } from './plan-facts.ts';

/** A plan in a file: what it was made from, what it would do, and how to know that it still would. */
export type SavedPlan = {
  readonly netform: 'plan';
  /** 1 is of an older netform: its values are not shared. */
  readonly version: 1 | 2;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly bootId: string;
  readonly lab: string;
  readonly uid: string;
  readonly request: SavedRequest;
  readonly foreign: 'refuse' | 'adopt';
  readonly fate: 'kept' | 'pruned';
  /** sha256 of the topology with its variables filled in. */
  readonly topology: string;
  /** sha256 of the lab's state; null: it had none. */
  readonly state: string | null;
  /** By id of what it touches: sha256 of what was found there. */
  readonly seen: { readonly [id: string]: string };
  readonly operations: readonly SavedOperation[];
  readonly extras: readonly UnmanagedLine[];
  readonly empties: boolean;
  readonly order: { readonly namespaces: readonly string[]; readonly kinds: readonly string[] };
  /** Left out by a netform that did not know them. */
  readonly facts?: PlanFacts;
  readonly read: { readonly namespaces: number; readonly ms: number };
};

/** An operation with the lines that describe it, and its place among the resources of the lab. */
export type SavedOperation = Operation & { readonly lines: readonly PlanLine[]; readonly place?: number };

/** `text`: of a topology that came from standard input. Paths are absolute. */
export type SavedRequest = {
  readonly file: string;
  readonly text: string | null;
  readonly vars: readonly string[];
  readonly varFile: string | null;
};
