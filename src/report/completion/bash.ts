import {
  type CompletableCommand,
  type CompletableFlag,
  type CompletionSource,
  type TopLevelWord,
  topLevelWords,
} from './completable-command.ts';

/** The script for bash (4.4 or newer). */
export const bashScript = (
  commands: readonly CompletableCommand[],
): string => `# Completion of netform for bash. For every new shell of this machine:
#   netform completion bash > /etc/bash_completion.d/netform
_netform_labs() {
  local path
  for path in /var/lib/netform/*/state.json; do
    [[ -e $path ]] && path=\${path%/state.json} && printf '%s\\n' "\${path##*/}"
  done
}

_netform_namespaces() {
  local path
  printf 'host\\n'
  for path in /run/netns/*; do [[ -e $path ]] && printf '%s\\n' "\${path##*/}"; done
}

_netform_interfaces() {
  local inside=(ip -n "$1")
  [[ $1 = host ]] && inside=(ip)
  "\${inside[@]}" -o link show 2>/dev/null | sed "s/^[0-9]*: \\([^:@]*\\).*/$1:\\1/"
}

_netform_topologies() {
  compgen -d -- "$1"
  compgen -f -- "$1" | grep -E '\\.(ya?ml|json|plan)$'
}

_netform_reply() {
  local names
  case $1 in
    files) compopt -o filenames; names=$(compgen -f -- "$cur") ;;
    labs) names=$(compgen -W "$(_netform_labs)" -- "$cur") ;;
    topologies) compopt -o filenames; names=$(_netform_topologies "$cur") ;;
    labs-or-topologies) compopt -o filenames; names=$(compgen -W "$(_netform_labs)" -- "$cur"; _netform_topologies "$cur") ;;
    namespaces) names=$(compgen -W "$(_netform_namespaces)" -- "$cur") ;;
    interfaces)
      if [[ $cur = *:* ]]; then
        names=$(compgen -W "$(_netform_interfaces "\${cur%%:*}")" -- "$cur")
      else
        compopt -o nospace
        names=$(compgen -W "$(_netform_namespaces)" -S : -- "$cur")
      fi
      ;;
    anything) return ;;
    *) names=$(compgen -W "$1" -- "$cur") ;;
  esac
  mapfile -t COMPREPLY < <([[ -n $names ]] && printf '%s\\n' "$names")
  # Bash replaces only what stands behind the last colon.
  [[ $cur = *:* && $COMP_WORDBREAKS = *:* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${cur%"\${cur##*:}"}"}")
}

_netform() {
  local line=\${COMP_LINE:0:COMP_POINT} cur words word command before='' place=0 values='' flags='' i first=2
  COMPREPLY=()
  cur=\${line##*[[:space:]]}
  read -ra words <<<"\${line%"$cur"}"
  command=\${words[1]-}
  if [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${topLevelWords(commands)
      .map(({ word }) => word)
      .join(' ')} help' -- "$cur")
    return
  fi
  if [[ $command = help ]]; then
    words=("\${words[@]:1}") command=\${words[1]-}
    if [[ -z $command ]]; then
      _netform_reply '${topLevelWords(commands)
        .map(({ word }) => word)
        .join(' ')}'
      return
    fi
  fi
  case $command in
${topLevelWords(commands).flatMap(topicCases).join('\n')}
  esac
  case $command in
${commands.map(flagsOf).join('\n')}
    *) return ;;
  esac
  for ((i = first; i < \${#words[@]}; i++)); do
    word=\${words[i]}
    if [[ $word = -- ]]; then
      mapfile -t COMPREPLY < <(if ((i + 1 == \${#words[@]})); then compgen -c -- "$cur"; else compgen -f -- "$cur"; fi)
      return
    fi
    if [[ $word != -?* && " $values " != *" $before "* ]]; then place=$((place + 1)); fi
    before=$word
  done
  case "$command $before" in
${commands.flatMap(({ id, flags }) => flags.flatMap((flag) => flagValueCases(id, flag))).join('\n')}
  esac
  if [[ $cur = -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
    return
  fi
  case "$command $place" in
${commands.flatMap(argumentCases).join('\n')}
  esac
}

complete -F _netform netform
`;

const topicCases = ({ word, below }: TopLevelWord): readonly string[] =>
  below.length === 0
    ? []
    : [
        `    ${word})`,
        `      if ((\${#words[@]} < 3)); then _netform_reply '${below.map((one) => one.word).join(' ')}'; return; fi`,
        `      command=${word}:\${words[2]} first=3`,
        '      ;;',
      ];

const flagSpellings = ({ name, char }: CompletableFlag): readonly string[] => [
  `--${name}`,
  ...(char === null ? [] : [`-${char}`]),
];

function flagsOf(command: CompletableCommand): string {
  const all = command.flags.flatMap(flagSpellings).concat(command.runsProgram ? ['--'] : []);
  const withValue = command.flags.filter(({ value }) => value !== null).flatMap(flagSpellings);
  return `    ${command.id}) flags='${all.join(' ')}' values='${withValue.join(' ')}' ;;`;
}

const flagValueCases = (id: string, flag: CompletableFlag): readonly string[] =>
  flag.value === null
    ? []
    : [
        `    ${flagSpellings(flag)
          .map((word) => `'${id} ${word}'`)
          .join('|')}) _netform_reply ${quoteForBash(flag.value)}; return ;;`,
      ];

const argumentCases = ({ id, args, repeats }: CompletableCommand): readonly string[] =>
  args.map(
    (sort, i) => `    '${id} '${repeats && i === args.length - 1 ? '*' : i}) _netform_reply ${quoteForBash(sort)} ;;`,
  );

const quoteForBash = (sort: CompletionSource): string => (typeof sort === 'string' ? sort : `'${sort.join(' ')}'`);
