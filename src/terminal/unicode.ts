/**
 * Whether a terminal shows more than ASCII, by the locale that POSIX says counts: LC_ALL, else LC_CTYPE, else LANG.
 * Without any of them it is taken to: containers set none, and the terminals around them know UTF-8. Windows sets none
 * either, and its console of old has a code page; those that replaced it say who they are.
 */
export function usesUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM: kind, LC_ALL: all, LC_CTYPE: type, LANG: language } = environment;
  if (kind === 'linux' || kind === 'dumb') {
    return false;
  }
  const locale = [all, type, language].find((value) => value !== undefined && value !== '');
  if (locale !== undefined) {
    return /utf-?8/iu.test(locale);
  }
  return environment['OS'] !== 'Windows_NT' || newerConsoles.some((name) => environment[name] !== undefined);
}

/**
 * Whether a terminal obeys control sequences at all: a dumb one shows them, and so may one that nobody has named. Windows
 * names none.
 */
export function movesCursor(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM: kind = '' } = environment;
  return kind === '' ? environment['OS'] === 'Windows_NT' : kind !== 'dumb' && kind !== 'unknown';
}

/** What Windows Terminal, ConEmu, the editors' terminals and the Unix-like shells of Windows set. */
const newerConsoles = ['WT_SESSION', 'ConEmuANSI', 'TERM_PROGRAM', 'TERM'];

/** Our own symbols, and what stands for each where they can't be shown; none is wider than its symbol. */
const plain: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '•': '*',
  '→': '>',
  '−': '-',
  '×': 'x',
  '─': '-',
  '│': '|',
  '█': '#',
  '░': '.',
  '✓': '+',
  '✗': 'x',
};
const symbols = new RegExp(`[${Object.keys(plain).join('')}]`, 'gu');

/** The text with ASCII in place of our own symbols. */
export function withoutSymbols(text: string): string {
  return text.replaceAll(symbols, (symbol) => plain[symbol] ?? symbol);
}
