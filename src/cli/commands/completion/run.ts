import { type ExitCode, exitCodes } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { type Shell, shells } from './shells.ts';

/**
 * Each asks `sqlq complete` for the word under the cursor, which answers a line a word, with a description behind a tab,
 * after `:files` where a file may stand there as well. Ours, because the scripts of the libraries that make such evaluate
 * what the user has typed so far, a `$(…)` within it too. Names come from folders and servers: each shell quotes them as
 * it quotes the names of files, within a quote that the user has opened too.
 */
const scripts = {
  bash: `_sqlq() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    if [ "$word" = :files ]; then
      while IFS= read -r word; do
        COMPREPLY+=("$word")
      done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
    else
      COMPREPLY+=("\${word%%$'\\t'*}")
    fi
  done < <(sqlq complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o filenames -F _sqlq sqlq
`,
  zsh: `#compdef sqlq
_sqlq() {
  local -a found words_found described
  local word
  found=("\${(@f)$(sqlq complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "$found[1]" == :files ]]; then
    _files
    shift found
  fi
  for word in "\${found[@]}"; do
    [[ -n "$word" ]] || continue
    words_found+=("\${word%%$'\\t'*}")
    described+=("\${word/$'\\t'/  -- }")
  done
  (( $#words_found )) && compadd -l -d described -a words_found
}
if [[ "$funcstack[1]" == _sqlq ]]; then
  _sqlq "$@"
else
  compdef _sqlq sqlq
fi
`,
  fish: `function __sqlq_complete
  set -l before (commandline -opc)
  set -l current (string join '' -- (commandline -ct))
  set -l found (sqlq complete -- $before[2..-1] "$current" 2>/dev/null)
  if test "$found[1]" = :files
    __fish_complete_path "$current"
    set -e found[1]
  end
  printf '%s\\n' $found
end
complete -c sqlq -f -a '(__sqlq_complete)'
`,
} as const satisfies Readonly<Record<Shell, string>>;

/** `sqlq completion`: the script of a shell. */
export async function run(
  { argument }: Invocation<string, unknown>,
  context: CommandContext,
): Promise<ExitCode> {
  const shell = shells.find((known) => known === argument) ?? 'bash';
  context.streams.stdout.write(scripts[shell]);
  return exitCodes.answered;
}
