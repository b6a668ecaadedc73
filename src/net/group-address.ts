import type { IpAddress } from './address.ts';

const ALL_NODES = (0xff02n << 112n) | 1n;

/** Whether a bridge keeps ports for an address (`is_valid_mdb_entry` of net/bridge/br_mdb.c): multicast, not 224.0.0.0/24 nor ff02::1. */
export const isGroupAddress = ({ family, value }: IpAddress): boolean =>
  family === 4 ? value >> 28n === 0xen && value >> 8n !== 0xe00000n : value >> 120n === 0xffn && value !== ALL_NODES;
