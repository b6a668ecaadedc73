/**
 * One kernel setting. `devices`: settings of devices that the kernel overwrites when this one is switched, by slash key;
 * empty in what a topology wants. They are found while the value is another than the wanted one, so that what was there
 * before netform can be given back with them.
 */
export type SysctlSpec = {
  readonly netns: string;
  readonly key: string;
  readonly value: string;
  readonly devices: { readonly [key: string]: string };
};
