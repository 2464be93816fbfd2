/** The variables of a process, handed in as a value so that nothing reads them behind a caller's back. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text; null where it is unset or empty, which every tool of this field takes for unset. */
export function variable(environment: Environment, name: string): string | null {
  const text = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return text === undefined || text === '' ? null : text;
}

/** Names of variables that hold secrets by custom: OPENAI_API_KEY, PGPASSWORD, MYSQL_PWD, GITHUB_TOKEN. */
const secretName =
  /(?:^|_)(?:KEY|KEY_ID|TOKEN|SECRET|PWD|PASS|PASSPHRASE|CREDENTIALS|AUTH)$|PASSW(?:OR)?D|APIKEY|API_KEY|SECRET_|_SECRET/iu;

/** The values of a process's variables that are secrets; the shell's own PWD and OLDPWD are folders. */
export function secretsOf(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value !== '' && secretName.test(name) && !/^(?:OLD)?PWD$/u.test(name)
      ? [value]
      : [],
  );
}
