import type { GivenRights } from './user.ts';

/** What is changed of a user, for the audit log: rights with their values, and of a password only that there is another. */
export function saidChange({
  password,
  disabled,
  ...rights
}: GivenRights & {
  readonly password?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}): string {
  const words: readonly (readonly [string, string | undefined])[] = [
    ['roles', rights.roles && listed(rights.roles)],
    ['databases', rights.databases === null ? 'all' : rights.databases && listed(rights.databases)],
    ['profiles', rights.profiles === null ? 'all' : rights.profiles && listed(rights.profiles)],
    ['hide', rights.hide && listed(rights.hide)],
    ['row limit', rights.rowLimit === null ? 'none' : rights.rowLimit?.toString()],
    ['dollars', rights.dollars === null ? 'none' : rights.dollars?.toString()],
  ];
  return [
    ...words.flatMap(([word, value]) => (value === undefined ? [] : [`${word} ${value}`])),
    ...(disabled === undefined ? [] : [disabled ? 'disabled' : 'enabled']),
    ...(password === undefined ? [] : ['password']),
  ].join('; ');
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
