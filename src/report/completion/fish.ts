import {
  type CompletableCommand,
  type CompletableFlag,
  type CompletionSource,
  type TopLevelWord,
  topLevelWords,
} from './completable-command.ts';

/** The script for fish. */
export const fishScript = (
  commands: readonly CompletableCommand[],
): string => `# Completion of netform for fish. For every new shell of this machine:
#   netform completion fish > /usr/share/fish/vendor_completions.d/netform.fish
function __netform_labs
    for path in /var/lib/netform/*/state.json
        basename (dirname $path)
    end
end

function __netform_namespaces
    echo host
    for path in /run/netns/*
        basename $path
    end
end

function __netform_interfaces
    set -l namespace (string replace -r ':.*' '' -- (commandline -ct))
    if not string match -q '*:*' -- (commandline -ct)
        __netform_namespaces | string replace -r '$' ':'
        return
    end
    set -l inside -n $namespace
    test $namespace = host; and set inside
    ip $inside -o link show 2>/dev/null | string replace -r '^\\d+: ([^:@]+).*' "$namespace:\\$1"
end

function __netform_helps
    set -l words (commandline -opc)
    test (count $words) -eq 2; and test $words[2] = help
end

function __netform_topologies
    complete -C "'' "(commandline -ct) | string match -r '^[^\\t]*(?:/|\\.(?:ya?ml|json|plan))(?=\\t|$)'
end

function __netform_program
    set -l words (commandline -opc) (commandline -ct)
    set -l end (contains -i -- -- $words)
    complete -C (string join ' ' -- $words[(math $end + 1)..])
end

complete -c netform -f
complete -c netform -n __fish_use_subcommand -a help -d 'Show how a command is called.'
${topLevelWords(commands).flatMap(wordLines).join('\n')}
${commands.flatMap(fishCommandLines).join('\n')}
`;

function wordLines({ word, summary, below }: TopLevelWord): readonly string[] {
  const words = below.map((one) => one.word).join(' ');
  const condition = `'__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${words}'`;
  return [
    `complete -c netform -n '__fish_use_subcommand; or __netform_helps' -a ${word} -d ${quoteForFish(summary)}`,
    ...below.map((one) => `complete -c netform -n ${condition} -a ${one.word} -d ${quoteForFish(one.summary)}`),
  ];
}

function fishCommandLines(command: CompletableCommand): readonly string[] {
  const { id, flags, args } = command;
  const seen = id
    .split(':')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
  const own = command.runsProgram ? '; and not contains -- -- (commandline -opc)' : '';
  const here = `complete -c netform -n '${seen}${own}'`;
  return [
    ...flags.map((flag) => `${here} ${flagText(flag)} -d ${quoteForFish(flag.summary)}`),
    ...args.map((sort) => `${here} ${offer(sort)}`),
    ...(command.runsProgram
      ? [`complete -c netform -n '${seen}; and contains -- -- (commandline -opc)' -a '(__netform_program)'`]
      : []),
  ];
}

function flagText({ name, char, value }: CompletableFlag): string {
  const short = char === null ? '' : ` -s ${char}`;
  return `-l ${name}${short}${value === null ? '' : ` ${value === 'files' ? '-r' : '-x'} ${offer(value)}`}`;
}

const FUNCTIONS: { readonly [sort: string]: string } = {
  files: '-F',
  labs: "-a '(__netform_labs)'",
  topologies: "-a '(__netform_topologies)'",
  'labs-or-topologies': "-a '(__netform_labs) (__netform_topologies)'",
  namespaces: "-a '(__netform_namespaces)'",
  interfaces: "-a '(__netform_interfaces)'",
  anything: '',
};

const offer = (sort: CompletionSource): string =>
  typeof sort === 'string' ? (FUNCTIONS[sort] ?? '') : `-a '${sort.join(' ')}'`;

const quoteForFish = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
