import { readHostLocal } from '../../cni/host-local.ts';
import { readEach } from '../need-reader.ts';

/** Reads which addresses host-local has given out in a folder. */
export const networkAddressesReader = readEach<'network-addresses'>(({ key }) => readHostLocal(key));
