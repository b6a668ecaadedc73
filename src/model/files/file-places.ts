/** Where files that a topology names are: absolute folders. */
export type FilePlaces = {
  /** That of the topology: relative paths start there. */
  readonly folder: string;
  /** That of systemd's credentials ($CREDENTIALS_DIRECTORY, systemd.exec(5)); null: there are none. */
  readonly credentials: string | null;
};

/** Of a topology that is looked at without files. */
export const NO_PLACES: FilePlaces = { folder: '/', credentials: null };
