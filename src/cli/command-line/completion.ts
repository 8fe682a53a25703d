/** What a shell asks to complete a command line of `beacon`, from the descriptions. Pure. */

import { type CommandDescription, type ValueKind, written } from "../../base/command-line/description.ts";

export type Shell = "bash" | "zsh" | "fish";
export const shells = ["bash", "zsh", "fish"] as const satisfies readonly Shell[];

export interface CompletionParts {
  readonly description: CommandDescription;
  /** Of the control socket, for `beacon cli`. */
  readonly controlCommands: readonly string[];
}

export function completionScript(shell: Shell, { description, controlCommands }: CompletionParts): string {
  const commands = flattened(description).map((each) => withControlCommands(each, controlCommands));
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "zsh":
      return zshScript(commands);
    case "fish":
      return fishScript(commands);
  }
}

const flattened = (command: CommandDescription): readonly CommandDescription[] => [
  command,
  ...(command.commands ?? []).flatMap(flattened),
];

const withControlCommands = (command: CommandDescription, names: readonly string[]): CommandDescription =>
  command.name === "cli"
    ? { ...command, arguments: [{ name: "COMMAND", kind: { oneOf: names }, optional: true }] }
    : command;

/** The last word of a command's name. */
const lastWord = ({ name }: CommandDescription): string => name.split(" ").at(-1) ?? name;

/** Every way to write an option. */
const spellings = ({ name, letter }: CommandDescription["options"][number]): readonly string[] => [
  written(name),
  ...(letter === undefined ? [] : [`-${letter}`]),
];

const helpOptions = ({ name }: CommandDescription): readonly string[] => {
  if (name === "") return ["--help", "--version"];
  return name === "cli" ? [] : ["--help"];
};

/** In single quotes, as all three shells take them. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A word of the scripts: what is to be offered. */
const kindWord = (kind: ValueKind): string => {
  if (typeof kind === "string") return kind;
  return "oneOf" in kind ? `words ${kind.oneOf.join(" ")}` : "text";
};

function bashScript(commands: readonly CommandDescription[]): string {
  const described = commands.map((command) => {
    const { name, options } = command;
    const lines = [
      `words=${quoted((command.commands ?? []).map(lastWord).join(" "))}`,
      `options=${quoted([...options.flatMap(spellings), ...helpOptions(command)].join(" "))}`,
      `kinds=(${command.arguments.map(({ kind, repeated }) => quoted(`${repeated ? "+" : ""}${kindWord(kind)}`)).join(" ")})`,
    ];
    return `    ${quoted(name)}) ${lines.join("; ")} ;;`;
  });
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) =>
      option.value === undefined
        ? []
        : spellings(option).map(
            (spelling) => `    ${quoted(`${name} ${spelling}`)}) value=${quoted(kindWord(option.kind ?? "text"))} ;;`,
          ),
    ),
  );
  return `# bash completion of beacon: beacon completion bash
_beacon_command() {
  case $1 in
${described.join("\n")}
    *) return 1 ;;
  esac
}
_beacon_value() {
  case $1 in
${values.join("\n")}
    *) return 1 ;;
  esac
}
_beacon_offer() {
  case $1 in
    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    interface) mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$cur") ;;
    station) mapfile -t COMPREPLY < <(compgen -W "$(beacon cli list_sta 2>/dev/null)" -- "$cur")
      declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur" ;;
    words*) mapfile -t COMPREPLY < <(compgen -W "\${1#words}" -- "$cur") ;;
  esac
}
_beacon() {
  local cur=\${COMP_WORDS[COMP_CWORD]} name='' value='' words options kinds=() word position=0 i
  COMPREPLY=()
  _beacon_command ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == -* ]]; then
      if _beacon_value "$name $word"; then
        [[ \${COMP_WORDS[i + 1]} == = ]] && ((i++))
        ((i++))
        if ((i >= COMP_CWORD)); then
          [[ $cur == = ]] && cur=
          _beacon_offer "$value"
          return
        fi
        value=
      fi
    elif [[ -n $words && " $words " == *" $word "* ]]; then
      name="\${name:+$name }$word"
      _beacon_command "$name"
    else
      ((position++))
    fi
  done
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  else
    word=\${kinds[position]}
    ((\${#kinds[@]} > 0 && position >= \${#kinds[@]})) && [[ \${kinds[-1]} == +* ]] && word=\${kinds[-1]}
    _beacon_offer "\${word#+}"
  fi
}
complete -F _beacon beacon
`;
}

/** A word of zsh's _arguments: brackets and colons mean something in it. */
const zshText = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&").replace(/\s+/g, " ");

function zshAction(kind: ValueKind): string {
  if (typeof kind !== "string") return "oneOf" in kind ? `(${kind.oneOf.join(" ")})` : "";
  switch (kind) {
    case "file":
      return "_files";
    case "directory":
      return "_files -/";
    case "interface":
      return "_beacon_interfaces";
    case "station":
      return "_beacon_stations";
    case "text":
      return "";
  }
}

function zshScript(commands: readonly CommandDescription[]): string {
  const cases = commands.map((command) => {
    const specs = [
      ...command.options.flatMap((option) => {
        const value = option.value === undefined ? "" : `:${zshText(option.value)}:${zshAction(option.kind ?? "text")}`;
        return spellings(option).map((spelling) => {
          const takes = option.value !== undefined && spelling.startsWith("--") ? "=" : "";
          return `${option.repeated ? "*" : ""}${spelling}${takes}[${zshText(option.text)}]${value}`;
        });
      }),
      ...helpOptions(command).map(
        (option) => `${option}[${option === "--help" ? "say how it is used" : "show the version"}]`,
      ),
      ...command.arguments.map(
        ({ name, kind, repeated }, i) => `${repeated ? "*" : i + 1}:${zshText(name)}:${zshAction(kind)}`,
      ),
    ];
    const inner = command.commands;
    if (inner === undefined) return `    (${quoted(command.name)}) _arguments -s ${specs.map(quoted).join(" ")} ;;`;
    const names = inner.map((each) => quoted(`${lastWord(each)}:${each.summary.replaceAll(":", "\\:")}`)).join(" ");
    return `    (${quoted(command.name)})
      _arguments -C ${[...specs, "1:command:->command", "*::argument:->argument"].map(quoted).join(" ")}
      case $state in
        (command) local -a commands=(${names}); _describe command commands ;;
        (argument) _beacon_command "\${1:+$1 }$line[1]" ;;
      esac ;;`;
  });
  return `#compdef beacon
# zsh completion of beacon: beacon completion zsh
_beacon_interfaces() { local -a names=(/sys/class/net/*(N:t)); compadd -a names }
_beacon_stations() { local -a names=(\${(f)"$(beacon cli list_sta 2>/dev/null)"}); compadd -a names }
_beacon_command() {
  local state line curcontext=$curcontext
  case $1 in
${cases.join("\n")}
  esac
}
_beacon() { _beacon_command '' }
if [ "$funcstack[1]" = _beacon ]; then _beacon "$@"; else compdef _beacon beacon; fi
`;
}

function fishScript(commands: readonly CommandDescription[]): string {
  const lines = commands.flatMap((command) => {
    const condition = `__beacon_is ${quoted(command.name)}`;
    const start = `complete -c beacon -n ${quoted(condition)}`;
    const offers = (kind: ValueKind): string => {
      if (typeof kind !== "string") return "oneOf" in kind ? ` -f -a ${quoted(kind.oneOf.join(" "))}` : " -f";
      switch (kind) {
        case "file":
          return " -F";
        case "directory":
          return " -f -a '(__fish_complete_directories)'";
        case "interface":
          return " -f -a '(ls /sys/class/net)'";
        case "station":
          return " -f -a '(beacon cli list_sta 2>/dev/null)'";
        case "text":
          return " -f";
      }
    };
    const nth = command.arguments.map(({ kind, repeated }, i) => {
      const place = `${condition}; and __beacon_nth ${i}${repeated ? " more" : ""}`;
      return `complete -c beacon -n ${quoted(place)}${offers(kind)}`;
    });
    return [
      ...(command.commands ?? []).map(
        (inner) => `${start} -f -a ${quoted(lastWord(inner))} -d ${quoted(inner.summary)}`,
      ),
      ...command.options.map((option) => {
        const long = option.name.length > 1 ? ` -l ${option.name}` : ` -s ${option.name}`;
        const short = option.letter === undefined ? "" : ` -s ${option.letter}`;
        const value = option.value === undefined ? "" : ` -r${offers(option.kind ?? "text")}`;
        return `${start}${long}${short}${value} -d ${quoted(option.text)}`;
      }),
      ...helpOptions(command).map((option) => `${start} -l ${option.slice(2)}`),
      ...nth,
    ];
  });
  const words = commands.map(
    (command) =>
      `        case ${quoted(command.name)}\n            echo ${quoted((command.commands ?? []).map(lastWord).join(" "))}`,
  );
  const valued = commands.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value !== undefined)
      .flatMap((option) => spellings(option).map((each) => quoted(`${name} ${each}`))),
  );
  return `# fish completion of beacon: beacon completion fish
function __beacon_commands
    switch "$argv[1]"
${words.join("\n")}
    end
end
# The command that is written so far, and behind it how many arguments there are.
function __beacon_state
    set -l name ''
    set -l position 0
    set -l skip no
    set -l valued ${valued.join(" ")}
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
        else if string match -q -- '-*' $word
            contains -- "$name $word" $valued; and set skip yes
        else if contains -- $word (string split ' ' -- (__beacon_commands $name))
            set name (string trim -- "$name $word")
        else
            set position (math $position + 1)
        end
    end
    printf '%s\\n' "$name" $position
end
function __beacon_is
    set -l state (__beacon_state)
    test "$state[1]" = "$argv[1]"
end
function __beacon_nth
    set -l state (__beacon_state)
    test $state[2] -eq $argv[1]; or test "$argv[2]" = more -a $state[2] -ge $argv[1]
end
complete -c beacon -f
${lines.join("\n")}
`;
}
