import { type CommandDescription, jsonOption } from "../../base/command-line/description.ts";
import { shells } from "../command-line/completion.ts";

export const manDescription = {
  name: "man",
  summary: "write the manual pages",
  synopsis: ["[PAGE]", "[--write DIRECTORY]", "[--json]"],
  text: [
    "Writes a manual page to standard output, in roff: of beacon, of beacond, of hostapd_cli or of one of beacon's commands, such as 'up'. Without a page it names those that there are. With --write it writes all of them into a directory, as they are wanted below /usr/share/man/man1 and man8.",
  ],
  arguments: [{ name: "PAGE", kind: "text", optional: true }],
  options: [
    { name: "write", value: "DIRECTORY", kind: "directory", text: "write all pages into this directory" },
    jsonOption("name the pages as JSON, a line each"),
  ],
  examples: ["beacon man up | man -l -"],
  exitStatuses: { 0: "done", 1: "where the directory can't be written", 2: "for a wrong command line" },
  json: {
    lineFor: "page",
    members: { page: "its name", section: "1 or 8", summary: "what it is about", file: "with --write: where it is" },
  },
} as const satisfies CommandDescription;

export const completionDescription = {
  name: "completion",
  summary: "write what a shell needs to complete command lines of beacon",
  synopsis: ["SHELL"],
  text: [
    "Writes a script for bash, zsh or fish to standard output. Put into the shell's own directory for such scripts, it completes commands, options, files, interfaces and stations.",
  ],
  arguments: [{ name: "SHELL", kind: { oneOf: shells } }],
  options: [],
  examples: ["beacon completion bash >/usr/share/bash-completion/completions/beacon"],
  exitStatuses: { 0: "done", 2: "for a wrong command line" },
  files: {
    "/usr/share/bash-completion/completions/beacon": "where bash looks for it",
    "/usr/share/zsh/vendor-completions/_beacon": "where zsh looks for it",
    "/usr/share/fish/vendor_completions.d/beacon.fish": "where fish looks for it",
  },
} as const satisfies CommandDescription;
