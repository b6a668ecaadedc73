import { shortLinkName } from '../../net/name.ts';
import type { ModelLink } from '../model.ts';

/** The link that an end of a cable stands for when it has no entry. */
export function undeclaredCableEnd(netns: string, label: string, at: ModelLink['at']): ModelLink {
  return { ...LINK_DEFAULTS, netns, name: shortLinkName(label), label, at };
}

/** The generated port of a bridge, under its bridge. */
export const bridgePortLink = (
  bridge: ModelLink,
  names: { readonly name: string; readonly label: string },
  port: ModelLink['port'],
): ModelLink => ({
  ...LINK_DEFAULTS,
  ...names,
  port,
  netns: bridge.netns,
  kind: 'port',
  at: bridge.at,
  master: bridge,
});

const LINK_DEFAULTS = {
  kind: 'end',
  staticAddresses: [],
  automatic: false,
  up: true,
  mac: null,
  mtu: null,
  master: null,
  gateway: null,
  bridge: null,
  own: null,
  port: null,
  vlan: null,
} as const;
