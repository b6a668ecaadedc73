import {
  type CompletableCommand,
  type CompletableFlag,
  type CompletionSource,
  type TopLevelWord,
  topLevelWords,
} from './completable-command.ts';

/** The script for zsh, to be found in its `fpath` as `_netform`. */
export const zshScript = (commands: readonly CompletableCommand[]): string => `#compdef netform
# Completion of netform for zsh. For every new shell of this machine:
#   netform completion zsh > /usr/local/share/zsh/site-functions/_netform
_netform_labs() {
  local -a all=(/var/lib/netform/*/state.json(N:h:t))
  compadd -a all
}

_netform_topologies() {
  _files -g '*.(yaml|yml|json|plan)'
}

_netform_labs_or_topologies() {
  _netform_labs
  _netform_topologies
}

_netform_namespaces() {
  local -a all=(host /run/netns/*(N:t))
  compadd -a all
}

_netform_interfaces() {
  if compset -P '*:'; then
    local namespace=\${IPREFIX%:}
    local -a inside=(ip -n $namespace)
    [[ $namespace = host ]] && inside=(ip)
    compadd -- \${\${\${(f)"$($inside -o link show 2>/dev/null)"}#*: }%%[:@]*}
  else
    local -a all=(host /run/netns/*(N:t))
    compadd -S : -q -a all
  fi
}

_netform() {
  local -a all=(
${topLevelWords(commands)
  .map(({ word, summary }) => `    ${quoteForZsh(`${word}:${summary}`)}`)
  .join('\n')}
    'help:Show how a command is called.'
  )
  if [[ $words[2] = help ]] && ((CURRENT > 2)); then
    shift words
    ((CURRENT--))
  fi
  if ((CURRENT == 2)); then
    _describe -t commands 'netform command' all
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${topLevelWords(commands).flatMap(topicCases).join('\n')}
  esac
  local -i end=\${words[(i)--]}
  if [[ $command = (${commands
    .filter(({ runsProgram }) => runsProgram)
    .map(({ id }) => id)
    .join('|')}) ]] && ((end < CURRENT)); then
    shift $end words
    ((CURRENT -= end))
    _normal
    return
  fi
  case $command in
${commands
  .map(
    (command) =>
      `    ${command.id})\n      _arguments -s -S \\\n${argumentSpecs(command)
        .map((spec) => `        ${quoteForZsh(spec)}`)
        .join(' \\\n')}\n      ;;`,
  )
  .join('\n')}
  esac
}

if [[ $funcstack[1] = _netform ]]; then _netform "$@"; else compdef _netform netform; fi
`;

const topicCases = ({ word, below }: TopLevelWord): readonly string[] =>
  below.length === 0
    ? []
    : [
        `    ${word})`,
        '      if ((CURRENT == 2)); then',
        `        all=(${below.map((one) => quoteForZsh(`${one.word}:${one.summary}`)).join(' ')})`,
        "        _describe -t commands 'what' all",
        '        return',
        '      fi',
        `      command=${word}:$words[2]`,
        '      shift words',
        '      ((CURRENT--))',
        '      ;;',
      ];

const argumentSpecs = (command: CompletableCommand): readonly string[] => [
  ...command.flags.flatMap(flagSpecs),
  ...command.args.map((sort, i) => {
    const place = command.repeats && i === command.args.length - 1 ? '*' : i + 1;
    return `${place}:${sourceName(sort)}:${actionOf(sort)}`;
  }),
];

function flagSpecs({ name, char, summary, value }: CompletableFlag): readonly string[] {
  const explained = `[${summary.replace(/[[\]:\\]/g, '\\$&')}]`;
  const tail = value === null ? '' : `:${sourceName(value)}:${actionOf(value)}`;
  const long = `--${name}${value === null ? '' : '='}${explained}${tail}`;
  return char === null ? [long] : [long, `-${char}${value === null ? '' : '+'}${explained}${tail}`];
}

const ACTIONS: { readonly [sort: string]: string } = {
  files: '_files',
  labs: '_netform_labs',
  topologies: '_netform_topologies',
  'labs-or-topologies': '_netform_labs_or_topologies',
  namespaces: '_netform_namespaces',
  interfaces: '_netform_interfaces',
  anything: '',
};

const sourceName = (sort: CompletionSource): string => (typeof sort === 'string' ? sort : 'word');

const actionOf = (sort: CompletionSource): string =>
  typeof sort === 'string' ? (ACTIONS[sort] ?? '') : `(${sort.join(' ')})`;

const quoteForZsh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
