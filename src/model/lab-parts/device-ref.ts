/** A device as it is written: of the same namespace (`netns` null), or of the host. */
export type DeviceRef = { readonly netns: 'host' | null; readonly name: string };
