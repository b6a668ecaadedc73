/**
 * Where `CurrentAddresses` holds those that the lab added to a link of the machine, by `host/eth0`: they go when its file no longer has
 * them. No interface has such a key.
 */
export const addedAddressesKey = (netnsAndDev: string): string => `added: ${netnsAndDev}`;
