/** A namespace that another program made: whose, and its name there. */
export type PlaceRef = { readonly by: PlaceOwner; readonly name: string };

/** The programs, and the two ways without one, by which a namespace can be named. */
export const PLACE_OWNERS = ['docker', 'podman', 'containerd', 'pid', 'path'] as const;

export type PlaceOwner = (typeof PLACE_OWNERS)[number];

/** `docker:db` in its parts; a string says why the text is none. */
export function parsePlaceRef(text: string): PlaceRef | string {
  const colon = text.indexOf(':');
  const by = PLACE_OWNERS.find((owner) => owner === text.slice(0, colon));
  if (colon < 0 || by === undefined) return 'it does not begin with docker:, podman:, containerd:, pid: or path:';
  return toPlaceRef(by, text.slice(colon + 1));
}

/** A name with what it is a name of, in canonical form; a string says why there can be none of that name. */
export function toPlaceRef(by: PlaceOwner, name: string): PlaceRef | string {
  const problem = PROBLEMS[by](name);
  if (problem !== null) return problem;
  return { by, name: by === 'containerd' && !name.includes('/') ? `default/${name}` : name };
}

/** The text that `parsePlaceRef` reads. */
export const formatPlaceRef = ({ by, name }: PlaceRef): string => `${by}:${name}`;

/** PID_MAX_LIMIT of linux/threads.h on 64 bits. */
const MAX_PID = 4_194_304;

/** The pattern of names in Docker (`RestrictedNameChars` of moby/daemon/names), which Podman has too. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const containerNameProblem = (name: string): string | null =>
  CONTAINER_NAME.test(name) ? null : 'a container has a name of letters, digits, ".", "-" and "_"';

const PROBLEMS: { readonly [by in PlaceOwner]: (name: string) => string | null } = {
  docker: containerNameProblem,
  podman: containerNameProblem,
  containerd: (name) => {
    const parts = name.split('/');
    return parts.length < 3 && parts.every((part) => CONTAINER_NAME.test(part))
      ? null
      : 'a container of containerd is ID or NAMESPACE/ID';
  },
  pid: (name) => (/^[1-9]\d{0,6}$/.test(name) && Number(name) <= MAX_PID ? null : 'a pid is a number from 1'),
  path: (name) => {
    if (!/^\/[!-~]{1,4095}$/.test(name)) return 'a path begins with /, and has no spaces';
    return name.split('/').includes('..') ? 'a path has no ".."' : null;
  },
};
