/**
 * Whether a terminal shows more than ASCII, by the locale that POSIX says counts: LC_ALL, else LC_CTYPE, else LANG.
 * Without any of them it is taken to: containers set none, and the terminals around them know UTF-8.
 */
export function usesUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM: kind, LC_ALL: all, LC_CTYPE: type, LANG: language } = environment;
  if (kind === 'linux') return false;
  const locale = [all, type, language].find((value) => value !== undefined && value !== '');
  return locale === undefined || /utf-?8/iu.test(locale);
}

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
