import type { NetnsSession } from '../../netns/sessions.ts';
import type { NftClient } from '../../nftables/tables.ts';

/** The machine where plugins leave something: the namespace of the host, and its nftables. */
export type PluginHost = { readonly host: NetnsSession; readonly nft: NftClient };
