/** What stands where a secret stood. */
export const mask = '***';

/** A secret that is shorter could be any word, and is left to the patterns. */
const shortestSecret = 4;

/**
 * Names, in any spelling, whose value is a secret: `password=`, `"api_key": `, `PGPASSWORD=`, `x-api-key: `. What may
 * come before the telling word is left out, and every repetition is bounded, so that no text takes long to read.
 */
const secretName = String.raw`(?:passw(?:or)?d|passphrase|\bpwd|_pwd|secret|api[_-]?key|access[_-]?key|(?:auth|access|bearer|refresh|session)[_-]?token|authorization|\bcookie)[\w-]{0,40}\\{0,3}["']?\s{0,8}[:=]\s{0,8}`;

/** Names of a URL's parameters whose value is a secret. */
const secretParameter = String.raw`[\w.-]{0,40}(?:token|sig|key|secret|passw(?:or)?d|pwd|passphrase|auth|credential|code)[\w.-]{0,40}`;

/** The values of a URL's parameters that are secrets by their names. */
export function secretsInUrl(url: URL): readonly string[] {
  const isSecret = new RegExp(`^${secretParameter}$`, 'iu');
  return [...url.searchParams].flatMap(([name, value]) =>
    isSecret.test(name) && value !== '' ? [value] : [],
  );
}

/** Words that follow "token", "basic" or "bearer" in a sentence, and are nobody's secret. */
const proseWord =
  'is|was|are|has|had|not|and|or|of|for|from|in|on|to|by|at|with|a|an|the|that|this|be|must|may|again|provided|expired|invalid|missing|required|tokens?|auth|authentication|authorization';

type Replacement = string | ((...parts: string[]) => string);

/** Places of a text that hold a secret, whatever it is. */
const patterns: readonly (readonly [pattern: RegExp, replacement: Replacement])[] = [
  // The user part of a URL, up to the last @ there is, since passwords are often left unescaped. Not that of a hint.
  [
    /\b([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s"'<>`]*)/giu,
    (whole, scheme, rest) =>
      rest?.includes('@') === true && !/^(?:USER)?:PASSWORD@/u.test(rest)
        ? `${scheme}${mask}${rest.slice(rest.lastIndexOf('@'))}`
        : (whole ?? ''),
  ],
  // Parameters of a URL that carry one: `?sig=…`, `&subscription-key=…`, `?token=…`.
  [new RegExp(`([?&;]${secretParameter}=)(?!\\*{3})[^\\s"'<>&;#]+`, 'giu'), `$1${mask}`],
  // On one line, and not where the word begins prose: "after 1 token", "the token is not valid".
  [
    new RegExp(
      String.raw`\b(Bearer|Basic|Token)([^\S\r\n]{1,8}|%20)(?!(?:${proseWord})(?=[.,;:!?)"']?(?:\s|$)))[\w.~+/=:%-]+`,
      'giu',
    ),
    `$1$2${mask}`,
  ],
  // A value in quotes, escaped quotes within.
  [new RegExp(`(${secretName})(\\\\{0,3}["'])(?:\\\\.|(?!\\2).){0,4096}\\2`, 'giu'), `$1$2${mask}$2`],
  // A bare value; what the line above has masked stays.
  [new RegExp(`(${secretName})(?!\\\\{0,3}["']?\\*{3})[^\\s"'&,;}\\])\\\\]+`, 'giu'), `$1${mask}`],
  // Keys as providers shape them: OpenAI and OpenRouter, Groq, Hugging Face, xAI, GitHub, Google, AWS.
  [/\bsk-[\w-]{8,}/gu, mask],
  [/\b(?:gsk_|hf_|xai-|gh[pousr]_|github_pat_)[\w-]{8,}/gu, mask],
  [/\bAIza[\w-]{20,}/gu, mask],
  [/\bAKIA[A-Z0-9]{12,}/gu, mask],
];

/**
 * A function that takes secrets out of any text: those that are known, in every form that a program writes them in
 * (as they are, in a URL, in JSON, in base64 as Basic authentication has them), and whatever stands where secrets do.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets.flatMap((secret) => [secret, decoded(secret)]))]
    .filter((secret) => secret.length >= shortestSecret)
    // The longest first: a secret may hold another.
    .sort((a, b) => b.length - a.length)
    .map((secret) => new RegExp([anyEncoding(secret), ...base64Runs(secret)].join('|'), 'gu'));
  return (text) => {
    let clean = text;
    for (const pattern of known) {
      clean = clean.replace(pattern, mask);
    }
    for (const [pattern, replacement] of patterns) {
      clean =
        typeof replacement === 'string'
          ? clean.replace(pattern, replacement)
          : clean.replace(pattern, replacement);
    }
    return clean;
  };
}

/** Of a set of secrets the last redactor, and of how many of them. */
const redactors = new WeakMap<
  ReadonlySet<string>,
  { readonly size: number; readonly redact: (text: string) => string }
>();

/** As `createRedactor`, of a set of secrets that only grows: made anew when it has grown. */
export function redactorOf(secrets: ReadonlySet<string>): (text: string) => string {
  const made = redactors.get(secrets);
  if (made !== undefined && made.size === secrets.size) {
    return made.redact;
  }
  const redact = createRedactor([...secrets]);
  redactors.set(secrets, { size: secrets.size, redact });
  return redact;
}

/** A value as JSON, with each text in it redacted by itself: a secret that is called `rows` or `true` breaks no key. */
export function redactJson(value: unknown, redact: (text: string) => string): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? redact(part) : part), 2);
}

/** A pattern for a text each of whose characters may be written as it is, for a URL, a form, or JSON, once or twice over. */
function anyEncoding(secret: string): string {
  return [...secret]
    .map((sign) => {
      const json = JSON.stringify(sign).slice(1, -1);
      const percent = [...Buffer.from(sign.toWellFormed())].map((byte) => `%${eitherCase(byte, 2)}`).join('');
      const units = Array.from({ length: sign.length }, (_, index) => eitherCase(sign.charCodeAt(index), 4));
      const ways = [
        // The longest first, so that no backslash of an escape stays behind.
        literal(JSON.stringify(json).slice(1, -1)),
        literal(json),
        units.map((unit) => `\\\\{1,2}u${unit}`).join(''),
        percent,
        literal(sign),
        ...(sign === ' ' ? ['\\+'] : []),
      ];
      return `(?:${[...new Set(ways)].join('|')})`;
    })
    .join('');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** A number in hexadecimal digits of either case, as a pattern. */
function eitherCase(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** As it was before somebody encoded it for a URL. */
function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch (error) {
    if (error instanceof URIError) {
      return secret;
    }
    throw error;
  }
}

/**
 * The characters of base64 that the secret alone decides, wherever it begins in what is encoded: it may stand at each of
 * three offsets within a group of three bytes, and the characters at its ends mix with its neighbours. As patterns.
 */
function base64Runs(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/u, '');
    const from = Math.ceil((offset * 8) / 6);
    const until = Math.floor(((offset + bytes.length) * 8) / 6);
    const run = text.slice(from, until);
    if (run.length < shortestSecret) {
      return [];
    }
    return [run, run.replaceAll('+', '-').replaceAll('/', '_')].map(literal);
  });
}
