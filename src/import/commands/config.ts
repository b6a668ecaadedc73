import type { Json } from '../../model/json.ts';
import type { PortVlanLive } from '../../model/kernel/live-state.ts';
import type { ImportedProgram } from '../programs/imported-program.ts';
import type { JsonMap } from '../result.ts';

/** What commands ask for at one link of a namespace. */
export type LinkConfig = {
  /** `10.0.0.1/24`, or `10.0.0.1 peer 10.0.0.2/32`. */
  readonly addresses: string[];
  mac: string | null;
  mtu: number | null;
  master: string | null;
  isDown: boolean;
  /** `{ dummy: {} }`: what the link is, when a command makes it. */
  kind: JsonMap | null;
  /** The settings of its port. */
  port: JsonMap | null;
  /** The VLANs of its port; null: no command is about them. */
  vlans: readonly PortVlanLive[] | null;
  /** What impairs it. */
  impair: JsonMap | null;
};

/** What commands ask for in one namespace. */
export type CommandConfig = {
  readonly links: Map<string, LinkConfig>;
  /** Bridges that commands make, with their settings. */
  readonly bridges: Map<string, { [key: string]: Json }>;
  readonly routes: JsonMap[];
  readonly rules: JsonMap[];
  readonly neighbours: JsonMap[];
  readonly sysctls: { [key: string]: Json };
  readonly nat: JsonMap[];
  readonly portForwards: string[];
  /** The default route that was there before is deleted. */
  hasDefaultDeleted: boolean;
  /** Programs that go on running. */
  readonly programs: ImportedProgram[];
  /** Lines that are not understood. */
  readonly unknown: string[];
};

/** A namespace that no command has touched. */
export const emptyConfig = (): CommandConfig => ({
  links: new Map(),
  bridges: new Map(),
  ...{ routes: [], rules: [], neighbours: [], sysctls: {}, nat: [], portForwards: [] },
  hasDefaultDeleted: false,
  ...{ programs: [], unknown: [] },
});

/** The entry of a link, made when it is not there. */
export function linkConfig({ links }: CommandConfig, name: string): LinkConfig {
  const known = links.get(name);
  if (known) return known;
  const link: LinkConfig = {
    ...{ addresses: [], mac: null, mtu: null, master: null, isDown: false },
    ...{ kind: null, port: null, vlans: null, impair: null },
  };
  links.set(name, link);
  return link;
}

/** An address of a `LinkConfig` as a topology has it. */
export function addressValue(text: string): Json {
  const [address = '', peer] = text.split(' peer ');
  return peer === undefined ? address : { address, peer };
}

/** Reads the words behind the name of a program; false: it does not understand them, and has changed nothing. */
export type CommandReader = (config: CommandConfig, words: readonly string[], context: CommandContext) => boolean;

/** `nameOf`: the name in the topology of an interface. */
export type CommandContext = {
  readonly nameOf: (link: string) => string;
  /** The files that programs there see; null: programs are not taken over. */
  readonly files: readonly string[] | null;
};
