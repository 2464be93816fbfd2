/** The keys of an answer, and what else models call the query. */
const keys = 'reasoning|sql|assumptions|unanswerable|clarification|needs';
const queryKeys = 'sql_?query|query|statement';

/** The tags of each way to write a value under a name: XML, a tool's call of Claude, Qwen or GLM as text. */
const ways = [
  `<(?<key>${keys}|${queryKeys})(?:\\s[^<>]*)?>(?<value>[\\s\\S]*?)</\\k<key>>`,
  `<parameter(?:=|\\s+name=)["']?(?<key>${keys}|${queryKeys})["']?\\s*>(?<value>[\\s\\S]*?)</parameter>`,
  `<arg_key>\\s*(?<key>${keys}|${queryKeys})\\s*</arg_key>\\s*<arg_value>(?<value>[\\s\\S]*?)</arg_value>`,
].map((way) => new RegExp(way, 'giu'));

/** An answer whose values stand in tags; null where there is none with a query, or with what it says instead. */
export function inTags(text: string): Readonly<Record<string, unknown>> | null {
  for (const way of ways) {
    const values = [...text.matchAll(way)].map(({ groups }) => {
      const value = plain(groups?.['value'] ?? '');
      return [keyOf(groups?.['key'] ?? ''), value] as const;
    });
    if (values.length > 0) {
      return Object.fromEntries(values);
    }
  }
  return null;
}

/** A label at the beginning of a line: YAML, TOML, or a heading of Markdown. */
const line = new RegExp(
  `^[ \\t]*(?:[-*][ \\t]+|#{1,6}[ \\t]*)?(?:\\*\\*|"|')?(?<key>${keys}|sql[ _]?query|sql[ _]?result|explanation|notes?)(?:\\*\\*|"|')?[ \\t]*[:=](?:\\*\\*)?(?<rest>[^\\n]*)$`,
  'iu',
);

/** An answer whose values stand under labels; null where there is no label of a query. */
export function underLabels(text: string): Readonly<Record<string, unknown>> | null {
  const held = new Map<string, string[]>();
  let lines: string[] = [];
  for (const written of unfenced(text).split('\n')) {
    const { key, rest = '' } = line.exec(written)?.groups ?? {};
    if (key === undefined) {
      lines.push(written);
    } else {
      lines = [rest];
      held.set(keyOf(key), lines);
    }
  }
  if (!held.has('sql')) {
    return null;
  }
  return Object.fromEntries(
    [...held].map(([key, value]) => [key, key === 'assumptions' ? listed(value) : scalar(value)]),
  );
}

/** A value of YAML or TOML: a block, a quoted text, or what stands there. */
function scalar([first = '', ...more]: readonly string[]): string {
  const head = /^[ \t]*[|>][-+\d]*[ \t]*$/u.test(first) ? '' : first;
  const text = [head, ...more].join('\n').trim();
  const quoted = /^(?<quote>"""|'''|"|')(?<held>[\s\S]*)\k<quote>$/u.exec(text)?.groups;
  if (quoted?.['held'] === undefined) {
    return text;
  }
  return quoted['quote'] === "'"
    ? quoted['held'].replaceAll("''", "'")
    : quoted['held'].replaceAll('\\"', '"').trim();
}

function listed(lines: readonly string[]): readonly string[] {
  return lines.flatMap((item) => {
    const text = item
      .replace(/^[ \t]*(?:[-*]|\d+[.)])[ \t]+/u, '')
      .replace(/^\s*\[(?<held>.*)\]\s*$/u, '$<held>')
      .trim();
    return text === '' ? [] : [text.replace(/^(["'])(?<held>.*)\1$/u, '$<held>')];
  });
}

/** The text of the one fence around a reply. */
function unfenced(text: string): string {
  return (
    /^\s*(?<fence>`{3,}|~{3,})\w*[ \t]*\n(?<body>[\s\S]*?)\n\k<fence>\s*$/u.exec(text)?.groups?.['body'] ??
    text
  );
}

function keyOf(written: string): string {
  const key = written.toLowerCase().replace(' ', '_');
  return new RegExp(`^(?:${queryKeys})$`, 'u').test(key) ? 'sql' : key;
}

/** Text of XML as it is meant. */
function plain(text: string): string {
  const data = /^\s*<!\[CDATA\[(?<held>[\s\S]*)\]\]>\s*$/u.exec(text)?.groups?.['held'];
  const decode = (entity: string): string =>
    ({ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#39;': "'", '&amp;': '&' })[entity] ??
    entity;
  return (data ?? text.replace(/&(?:lt|gt|quot|apos|#39|amp);/gu, decode)).trim();
}
