import { join } from 'node:path';
import { type Machine, repository } from './machine.ts';
import { commandsOf, type Fence, fencesOf, typed, wordOf } from './page.ts';

/** What the shell prints after each command, around its exit code. */
const END = /⏹(\d+)⏹/;
/** Seconds that one command may take. */
const PATIENCE_SECONDS = 60;
/** Where a page's files are written and its commands run. */
const FOLDER = '/run/lab';
const BIN = '/run/bin';

/** How a script runs in that folder, with `netform` as a command. */
export const inside = { cwd: FOLDER, env: { PATH: `${BIN}:${process.env['PATH']}` } };

/**
 * Plays a page in a machine, from top to bottom: blocks with `file=NAME` are written to that file, those with
 * `append=NAME` at its end, the commands of
 * `console` blocks are typed into one shell. Gives the page with the outputs that came. Throws when a command fails,
 * unless its block says `fails` (then the last one has to), and when one hangs.
 */
export async function play(page: string, m: Machine): Promise<string> {
  const session = await open(m);
  const lines: (string | null)[] = page.split('\n');
  try {
    for (const fence of fencesOf(page)) {
      const place = { file: wordOf(fence, 'file'), more: wordOf(fence, 'append') };
      if (place.file !== null) await m.must(`mkdir -p "$(dirname ${place.file})"`, { cwd: FOLDER });
      const write = place.file !== null ? `cat >${place.file}` : place.more !== null ? `cat >>${place.more}` : null;
      if (write !== null) await m.must(write, { cwd: FOLDER, input: fence.body });
      if (fence.language !== 'console') continue;
      const output = await transcript(fence, session);
      lines.fill(null, fence.first, fence.end);
      lines[fence.first] = output;
    }
  } finally {
    session.close();
  }
  return lines.filter((line) => line !== null).join('\n');
}

export async function transcript(fence: Fence, session: Session): Promise<string> {
  const commands = commandsOf(fence);
  const parts: string[] = [];
  for (const [nth, command] of commands.entries()) {
    const { code, output } = await session.type(command);
    const mayFail = fence.words.includes('fails') && nth === commands.length - 1;
    if ((code !== 0) !== mayFail) throw new Error(`exit ${code} (line ${fence.first + 1}): ${command}\n${output}`);
    parts.push(typed(command), ...(output === '' ? [] : [steady(output)]));
  }
  return parts.join('\n');
}

/** What a command prints, without what is different each time: times, dates, random numbers, progress on a slow machine. */
export const steady = (output: string): string =>
  output
    .replace(/^[❯✔] .*\n/gm, '')
    .replace(/time=[\d.]+ ms/g, 'time=… ms')
    .replace(/time \d+ms/g, 'time … ms')
    .replace(/mdev = .*/g, 'mdev = …')
    .replace(/ in [\d.]+ m?s\b/g, ' in … ms')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'YYYY-MM-DD hh:mm UTC')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'YYYY-MM-DD hh:mm:ss UTC')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, 'YYYY-MM-DDThh:mm:ssZ')
    .replace(/^\d\d:\d\d:\d\d\.\d{6} /gm, 'hh:mm:ss.ssssss ')
    .replace(/\d+ s (are )?left/g, '… s $1left')
    .replace(/process \d+/g, 'process …')
    .replace(/\b[0-9a-f]{12}\b/g, '0123456789ab')
    .replace(/^Linux \S+/gm, 'Linux …')
    .replace(/(netform:v1:[A-Za-z0-9_.-]+:)[0-9a-f]{8}/g, '$1…')
    .replace(/@if\d+/g, '@if…')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');

export type Session = {
  readonly type: (command: string) => Promise<{ readonly code: number; readonly output: string }>;
  readonly close: () => void;
};

/** Makes the folder, with the examples in it, and `netform` a command. */
export const prepare = (m: Machine): Promise<string> =>
  m.must(
    `mkdir -p ${FOLDER} ${BIN} && ln -s ${join(repository, 'bin/run.js')} ${BIN}/netform && ln -s ${join(repository, 'topologies')} ${FOLDER}`,
  );

/** One shell in the machine, as a person has it: variables, the folder and background jobs stay from line to line. */
export async function open(m: Machine): Promise<Session> {
  await prepare(m);
  const shell = m.start(['bash', '--noprofile', '--norc']);
  let heard = '';
  let wake = () => {};
  const hear = (text: string) => {
    heard += text;
    wake();
  };
  shell.stdout?.setEncoding('utf8').on('data', hear);
  shell.stderr?.setEncoding('utf8').on('data', hear);
  shell.once('close', () => hear('⏹255⏹'));
  const listen = (until: RegExp, command: string) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no end after ${PATIENCE_SECONDS} s: ${command}`)),
        PATIENCE_SECONDS * 1000,
      );
      wake = () => {
        const match = until.exec(heard);
        if (match === null) return;
        clearTimeout(late);
        resolve(match);
      };
      wake();
    });
  const type = async (command: string) => {
    heard = '';
    const before = command.endsWith('&') ? await listeners(m) : null;
    shell.stdin?.write(`{\n${command}\n} </dev/null\nprintf '⏹%s⏹' $?\n`);
    const [text, code] = await listen(END, command);
    const output = heard.slice(0, heard.indexOf(text ?? ''));
    if (before !== null) await more(m, before);
    if (/netform link|link set/.test(command)) await linked(m);
    return { code: Number(code), output };
  };
  shell.stdin?.write(`exec 2>&1; set -o pipefail; cd ${FOLDER}; export PATH=${BIN}:$PATH HOME=/run LC_ALL=C.UTF-8\n`);
  return { type, close: () => shell.kill('SIGKILL') };
}

/**
 * The kernel notices after a while, a long one on a busy machine, that links have a carrier; until then their bridge drops
 * what they send.
 */
export const linked = (m: Machine): Promise<string> =>
  m.must(`for n in $(seq 200); do
    late=$(for ns in 1 $(ls -d /run/netns/* 2>/dev/null); do
      nsenter --net=$(case $ns in 1) echo /proc/self/ns/net ;; *) echo $ns ;; esac) sh -c "
        ip -br link | awk '/LOWER_UP/ && \\$2 ~ /DOWN/'; bridge link | awk '/LOWER_UP/ && !/state forwarding/'"
    done 2>/dev/null)
    [ -z "$late" ] && exit 0
    sleep 0.05
  done; echo "$late"`);

/** How many sockets listen, or capture packets, in the machine and its namespaces. */
async function listeners(m: Machine): Promise<number> {
  const text = await m.sh(
    'ss -Hltun; ss -H0; for n in $(ls /run/netns 2>/dev/null); do ip netns exec $n sh -c "ss -Hltun; ss -H0"; done',
  );
  return text.stdout.split('\n').length;
}

/** A program that was started with `&` is ready when it listens. */
async function more(m: Machine, than: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await listeners(m)) > than) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
