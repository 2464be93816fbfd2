/** What stands where a secret stood. */
export const mask = '***';

/** A secret that is shorter could be any word, and is left to the patterns. */
const shortestSecret = 4;

/** Names, in any spelling, whose value is a secret: `password=`, `"api_key": `, `PGPASSWORD=`, `x-api-key: `. */
const secretName = String.raw`[\w-]*(?:passw(?:or)?d|passphrase|\bpwd|_pwd|secret|api[_-]?key|apikey|access[_-]?key|auth[_-]?token|access[_-]?token|authorization)[\w-]*`;

/** Places of a text that hold a secret, whatever it is. */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // The user part of a URL, up to the last @ before its path, since passwords are often left unescaped.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>`]*@/giu, `$1${mask}@`],
  [/\b(Bearer|Basic|Token)(\s+|%20)[\w.~+/=:%-]+/giu, `$1$2${mask}`],
  // A value in quotes, escaped quotes within.
  [
    new RegExp(`(${secretName}\\\\?["']?\\s*[:=]\\s*)(\\\\?["'])(?:\\\\.|(?!\\2).)*\\2`, 'giu'),
    `$1$2${mask}$2`,
  ],
  // A bare value; what the line above has masked stays.
  [
    new RegExp(`(${secretName}\\\\?["']?\\s*[:=]\\s*)(?!\\\\?["']?\\*{3})[^\\s"'&,;}\\])\\\\]+`, 'giu'),
    `$1${mask}`,
  ],
  // Keys as providers shape them: OpenAI and OpenRouter, Groq, Google, GitHub, AWS, Hugging Face, xAI.
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
  const known = [...new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf))]
    .filter((form) => form.length >= shortestSecret)
    // The longest first: a secret may hold another.
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of known) clean = clean.replaceAll(form, mask);
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  };
}

function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const escaped = percentEncoded(secret);
  return [
    secret,
    escaped,
    escaped.toLowerCase(),
    escaped.replaceAll('%20', '+'),
    decoded(secret),
    encodedByUrl(secret),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replace(/[\u0080-\uffff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...base64Runs(secret),
  ];
}

/** A lone surrogate has no UTF-8, and encodeURIComponent throws on it. */
function percentEncoded(secret: string): string {
  return encodeURIComponent(secret.toWellFormed()).replace(
    /[!'()*]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As it was before somebody encoded it for a URL. */
function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch (error) {
    if (error instanceof URIError) return secret;
    throw error;
  }
}

/** As Node's URL prints it in a password. */
function encodedByUrl(secret: string): string {
  const url = new URL('http://host');
  url.username = 'user';
  url.password = secret;
  return url.password;
}

/**
 * The characters of base64 that the secret alone decides, wherever it begins in what is encoded: it may stand at each of
 * three offsets within a group of three bytes, and the characters at its ends mix with its neighbours.
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
    return [run, run.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
