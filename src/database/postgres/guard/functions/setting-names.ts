import { mayShow } from './settings.ts';

/** A call by a literal name: the whole first argument, with the type that the server writes behind a literal. */
const byLiteral = /^\s*\(\s*'([^'\\]*)'(?:::(?:pg_catalog\.)?text)?\s*[,)]/;

/**
 * Why code that calls `current_setting` shows a setting that it must not; null where each call names a setting that
 * anybody may see, or one of an application's own (`app.tenant`). A name that comes as an argument may be any.
 */
export function settingProblem(code: string): string | null {
  for (const { index, 0: written } of code.matchAll(/"?current_setting"?/gi)) {
    const name = byLiteral.exec(code.slice(index + written.length))?.[1];
    if (name === undefined) {
      return 'shows a setting whose name it is given';
    }
    if (!name.includes('.') && !mayShow(name)) {
      return `shows the setting ${name}, which may be secret`;
    }
  }
  return null;
}
