import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';

const netform = `${process.execPath} ${repository}bin/run.js`;

/** What a line is completed to, in each shell: all that it offers, sorted. */
const lines: readonly (readonly [string, readonly string[]])[] = [
  ['netform ap', ['apply']],
  ['netform apply --lock', ['--lock-timeout']],
  ['netform apply top', ['topology.yaml']],
  ['netform plan --var-file v', ['vars.yaml']],
  ['netform graph -o topology.s', ['topology.svg']],
  ['netform destroy to', ['topology.yaml']],
  ['netform help ap', ['apply']],
  ['netform help import li', ['live']],
  ['netform exec r', ['red']],
  ['netform exec --lab p', ['pair']],
  ['netform exec red -- whoam', ['whoami']],
  ['netform exec red -- cat v', ['vars.yaml']],
  ['netform show pa', ['pair']],
  ['netform link d', ['down']],
  ['netform link down re', ['red:']],
  ['netform capture red:et', ['red:eth0']],
  ['netform init rou', ['router']],
  ['netform completion b', ['bash']],
  ['netform imp', ['import']],
  ['netform import li', ['live']],
  ['netform import live --ho', ['--host']],
  ['netform graph --format sv', ['svg']],
];

const inLab = (body: (m: Machine) => Promise<void>) => () =>
  withMachine(async (m) => {
    await m.must(`mkdir -p /run/work /var/lib/netform/pair && touch /var/lib/netform/pair/state.json
      cd /run/work && touch topology.yaml topology.svg vars.yaml
      ip netns add red && ip -n red link add eth0 type bridge
      ${netform} completion bash > bash; ${netform} completion zsh > _netform; ${netform} completion fish > fish`);
    await body(m);
  });

test(
  'bash, zsh and fish complete what stands on a line',
  inLab(async (m) => {
    const inside = { cwd: '/run/work' };
    const bash = `. ./bash; compopt() { :; }
      while read -r line; do
        COMP_LINE=$line COMP_POINT=\${#line} COMP_WORDBREAKS=' =:'; COMPREPLY=(); _netform
        before=; [[ $line = *:* ]] && before=\${line##* } before=\${before%:*}:
        echo "$line -> $(printf "$before%s\\n" "\${COMPREPLY[@]}" | sort -u | tr '\\n' ' ')"
      done`;
    const fish = `source fish; while read line; echo $line '->' (complete -C $line | string replace -r '\\t.*' '' | sort -u); end`;
    const input = lines.map(([line]) => `${line}\n`).join('');
    const wanted = lines.map(([line, words]) => `${line} -> ${words.join(' ')}`);
    const said = ({ stdout }: { readonly stdout: string }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => line.trim());
    await m.sh('cat > script', { ...inside, input: bash });
    expect(said(await m.sh('bash --norc ./script', { ...inside, input }))).toEqual(wanted);
    await m.sh('cat > script', { ...inside, input: fish });
    expect(said(await m.sh('HOME=/run fish --no-config ./script', { ...inside, input }))).toEqual(wanted);

    // zsh completes at its prompt only: the line is then run, and netform is a function that says what it was given.
    const zsh = `zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PS1=; autoload -U compinit; compinit -u -D; . ./_netform; stty -echo'
      zpty -w shell 'netform() { print -r -- "<""netform $*>" }; print re""ady'
      zpty -r shell text '*ready*'
      while read -r line; do
        zpty -w shell $line$'\\t'
        zpty -r shell text '*<netform *>*'
        print -r -- "$line -> \${\${text##*\\<}%%\\>*}"
      done`;
    await m.sh('cat > script', { ...inside, input: zsh });
    const completed = said(await m.sh('timeout 30 zsh -f ./script', { ...inside, input }));
    // A colon that was completed goes again when the line ends there.
    const finished = lines.map(
      ([line, [word = '']]) => `${line} -> ${line.slice(0, line.lastIndexOf(' '))} ${word.replace(/:$/, '')}`,
    );
    expect(completed.map((line) => line.replace(/[= ]+$/, ''))).toEqual(finished);
  }),
);
