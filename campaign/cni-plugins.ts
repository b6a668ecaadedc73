import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

const REAL = '/usr/lib/cni';
const FOLDER = '/run/cni-plugins';
const FAULT = '/run/cni-fault';

/**
 * What a plugin does that is told to (`PLUGIN COMMAND ACTION` in a file): `fail` before it does anything, `late` when all is done;
 * `kill` ends netform when the plugin has done its work, `linger` ends it before the plugin does its work, half a second later.
 */
export type PluginFault = {
  readonly plugin: string;
  /** As a pattern of sh(1): of both, `[AD]*`. */
  readonly command: 'ADD' | 'DEL' | '[AD]*';
  readonly action: 'fail' | 'late' | 'kill' | 'linger';
};

const WRAPPER = `#!/bin/sh
me=\${0##*/}
read -r plugin command action 2>/dev/null <${FAULT}
[ "$plugin" = "$me" ] || exec ${REAL}/$me
case $CNI_COMMAND in $command) ;; *) exec ${REAL}/$me ;; esac
refuse() { echo '{ "code": 111, "msg": "refused on purpose" }'; exit 1; }
netform() { p=$$; while case $(readlink /proc/$p/exe) in *node*) false;; esac; do p=$(sed -n 's/^PPid:\\t//p' /proc/$p/status); done; rm -f ${FAULT}; kill -9 $p; }
case $action in
  fail) refuse ;;
  late) ${REAL}/$me >/dev/null; refuse ;;
  kill) ${REAL}/$me; netform ;;
  linger) netform; sleep 0.5; exec ${REAL}/$me ;;
esac
`;

/** Whether the machine has the plugins. */
export const hasCniPlugins = (): boolean => existsSync(`${REAL}/bridge`);

/** Has this process, and those that it starts, call plugins that can be told to fail. */
export function useFaultyPlugins(): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(REAL)) {
    writeFileSync(`${FOLDER}/${name}`, WRAPPER);
    chmodSync(`${FOLDER}/${name}`, 0o755);
  }
  process.env['CNI_PATH'] = FOLDER;
}

/** What the plugins do in `run`: one of them fails. */
export async function withPluginFault<T>({ plugin, command, action }: PluginFault, run: () => Promise<T>): Promise<T> {
  writeFileSync(FAULT, `${plugin} ${command} ${action}\n`);
  try {
    return await run();
  } finally {
    rmSync(FAULT, { force: true });
  }
}
