import { type Command, InvalidArgumentError, type Option } from 'commander'
import type { Io } from './io.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

/** One command as a shell completes it. */
interface Completed {
  /** "weir queue ls" */
  readonly path: string
  readonly about: string
  readonly subcommands: readonly Completed[]
  readonly options: readonly CompletedOption[]
  /** Whether what is no option may be a file. */
  readonly takesFiles: boolean
}

interface CompletedOption {
  readonly flags: readonly string[]
  readonly about: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

const WRITERS: Readonly<Record<Shell, (program: Completed) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}
/** Names of arguments that are files. */
const PATH_ARGUMENTS = /path|file|folder/
const HELP: CompletedOption = { flags: ['--help'], about: 'help', takesValue: false, choices: [] }

/** `weir completion SHELL`: what to source, made from the commands as they are. */
export function addCompletion(program: Command, { io }: { readonly io: Io }): void {
  program
    .command('completion')
    .argument('<shell>', SHELLS.join(', '), shellArgument)
    .description('print what completes weir on the command line: source <(weir completion bash)')
    .action((shell: Shell) => io.out(WRITERS[shell](completed(program, 'weir'))))
}

function shellArgument(text: string): Shell {
  const shell = SHELLS.find((one) => one === text)
  if (!shell) throw new InvalidArgumentError(`Allowed choices are ${SHELLS.join(', ')}.`)
  return shell
}

function completed(command: Command, path: string): Completed {
  return {
    path,
    about: command.description(),
    subcommands: command.commands.map((one) => completed(one, `${path} ${one.name()}`)),
    options: [...command.options.filter(({ hidden }) => !hidden).map(completedOption), HELP],
    takesFiles: command.registeredArguments.some((one) => PATH_ARGUMENTS.test(one.name())),
  }
}

function completedOption(option: Option): CompletedOption {
  return {
    flags: [option.short, option.long].flatMap((flag) => flag ?? []),
    about: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }
}

function everyCommand(command: Completed): readonly Completed[] {
  return [command, ...command.subcommands.flatMap(everyCommand)]
}

function bashScript(program: Completed): string {
  const commands = everyCommand(program)
  const walk = commands.slice(1).map(({ path }) => `      '${path}') path='${path}' ;;\n`)
  const words = commands.map(({ path, subcommands, options }) => {
    const names = subcommands.map((one) => one.path.split(' ').at(-1)!)
    const all = [...names, ...options.flatMap(({ flags }) => flags)].join(' ')
    return `    '${path}') words='${all}' ;;\n`
  })
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, takesValue, choices }) =>
      takesValue
        ? flags.map((flag) => `    '${path} ${flag}') words='${choices.join(' ')}' ;;\n`)
        : [],
    ),
  )
  return `\
# Completes weir in bash.
_weir() {
  local path=weir words='' last index
  local word=\${COMP_WORDS[COMP_CWORD]}
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path \${COMP_WORDS[index]}" in
${walk.join('')}\
    esac
  done
  case "$path" in
${words.join('')}\
  esac
  # bash takes "--option=value" apart at the "=".
  last=\${COMP_WORDS[COMP_CWORD - 1]}
  if [ "$word" = = ]; then
    word=''
  elif [ "$last" = = ]; then
    last=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case "$path $last" in
${values.join('')}\
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _weir weir
`
}

function zshScript(program: Completed): string {
  const functions = everyCommand(program).map((command) => {
    const { path, subcommands, options, takesFiles } = command
    const specs = options.flatMap(({ flags, about, takesValue, choices }) => {
      const value = takesValue
        ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`
        : ''
      return flags.map((flag) =>
        zshText(`${flag}${takesValue ? '=' : ''}[${zshAbout(about)}]${value}`),
      )
    })
    const rest =
      subcommands.length > 0
        ? ["'1: :->command'", "'*:: :->rest'"]
        : takesFiles
          ? ["'*:file:_files'"]
          : []
    const lines = [...specs, ...rest].map((one) => ` \\\n    ${one}`).join('')
    if (subcommands.length === 0) return `${zshName(path)}() {\n  _arguments -s${lines}\n}\n`
    const names = subcommands.map((one) => {
      const name = one.path.split(' ').at(-1)!
      return `    ${zshText(`${name}:${zshAbout(one.about)}`)}\n`
    })
    const calls = subcommands.map(
      (one) => `    ${one.path.split(' ').at(-1)!}) ${zshName(one.path)} ;;\n`,
    )
    return `\
${zshName(path)}() {
  local state line
  local -a commands=(
${names.join('')}\
  )
  _arguments -C${lines}
  case $state in
  command) _describe command commands ;;
  rest)
    case $line[1] in
${calls.join('')}\
    esac
    ;;
  esac
}
`
  })
  return `#compdef weir\n# Completes weir in zsh.\n${functions.join('')}\
if [ "$funcstack[1]" = _weir ]; then _weir "$@"; else compdef _weir weir; fi
`
}

function zshName(path: string): string {
  return `_${path.replace(/[ -]/g, '_')}`
}

function zshAbout(text: string): string {
  return text.replace(/[[\]:\\]/g, (one) => `\\${one}`)
}

function zshText(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}

function fishScript(program: Completed): string {
  const lines = everyCommand(program).flatMap((command) => {
    const { path, subcommands, options, takesFiles } = command
    const parents = path.split(' ').slice(1)
    const seen =
      parents.length === 0
        ? ['__fish_use_subcommand']
        : parents.map((name) => `__fish_seen_subcommand_from ${name}`)
    const names = subcommands.map((one) => one.path.split(' ').at(-1)!)
    const none =
      names.length > 0 && parents.length > 0
        ? [`not __fish_seen_subcommand_from ${names.join(' ')}`]
        : []
    const when = (parts: readonly string[]) => ` -n ${fishText(parts.join('; and '))}`
    return [
      ...(subcommands.length > 0 || !takesFiles ? [`complete -c weir${when(seen)} -f`] : []),
      ...subcommands.map((one, index) => {
        const about = fishText(one.about)
        return `complete -c weir${when([...seen, ...none])} -a ${names[index]!} -d ${about}`
      }),
      ...options.map((option) => `complete -c weir${when(seen)}${fishOption(option)}`),
    ]
  })
  return `# Completes weir in fish.\n${lines.join('\n')}\n`
}

function fishOption({ flags, about, takesValue, choices }: CompletedOption): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  )
  const value =
    choices.length > 0 ? ` -x -a ${fishText(choices.join(' '))}` : takesValue ? ' -r' : ''
  return `${names.join('')}${value} -d ${fishText(about)}`
}

function fishText(text: string): string {
  return `'${text.replace(/[\\']/g, (one) => `\\${one}`)}'`
}
