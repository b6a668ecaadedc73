import type { Observation } from '../resource.ts';

/** The owner of a foreign object that carries no mark of netform, as documents have it. */
export const NO_MARK = "no mark of netform's";

/** `namespace red`, `bridge lan`, `veth red/eth0` for the ids `netns:red`, `bridge:host/lan` and `veth:red/eth0`. */
export const objectPhrase = (id: string): string =>
  id
    .replace(/^netns:/, 'namespace ')
    .replace(':', ' ')
    .replace(' host/', ' ');

/**
 * Why netform leaves a foreign object alone, as the rest of a sentence that begins with the object. `isRecorded`: the state of
 * the lab has an object of that id.
 */
export function foreignReason({ whose }: Pick<Observation, 'whose'>, isRecorded: boolean): string {
  if (whose !== null && !whose.endsWith(NO_MARK)) {
    return `already exists: ${whose.startsWith('lab ') ? 'it carries the mark of the ' : ''}${whose}`;
  }
  // Of a cable, the owner names the end: `as eth0 of red, no mark of netform's`.
  const end = /^as (.+), /.exec(whose ?? '')?.[1];
  if (isRecorded) return `no longer carries netform's mark${end === undefined ? '' : `, at its end ${end}`}`;
  return `already exists${end === undefined ? '' : ` as ${end}`}, and netform did not make it`;
}
