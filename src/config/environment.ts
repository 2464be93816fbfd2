/** The variables of a process, handed in as a value so that nothing reads them behind a caller's back. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text; null where it is unset or empty, which every tool of this field takes for unset. */
export function variable(environment: Environment, name: string): string | null {
  const text = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return text === undefined || text === '' ? null : text;
}
