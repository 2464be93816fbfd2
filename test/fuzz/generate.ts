/** A source of numbers that gives the same ones for the same seed (mulberry32). */
export interface Random {
  /** An integer from 0 up to `bound`, without it. */
  below(bound: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) {
        throw new Error('nothing to pick from');
      }
      return item;
    },
    chance: (percent) => next() * 100 < percent,
  };
}

/** What an engine's statements are made of. `$e`, `$q`, `$t` and `$s` in a text stand for one of the other lists. */
export interface Grammar {
  /** Whole statements that must do no harm, whether they are admitted or not. */
  readonly statements: readonly string[];
  /** Expressions, harmless and harmful. */
  readonly expressions: readonly string[];
  /** Things that may stand behind FROM. */
  readonly tables: readonly string[];
  /** Queries to nest: `$e` and `$t` in them are filled. */
  readonly queries: readonly string[];
  /** Ways to wrap a statement: `$s` is the statement. */
  readonly wrappers: readonly string[];
  /** Ways to write a name, of which some are wrong. */
  readonly quotes: readonly ((name: string) => string)[];
  readonly comments: readonly string[];
  readonly spaces: readonly string[];
}

const deepest = 4;

/** One statement: filled from the grammar, wrapped and nested, then written in odd ways. */
export function generate(grammar: Grammar, random: Random): string {
  let sql = random.chance(45) ? random.pick(grammar.statements) : random.pick(grammar.queries);
  while (random.chance(40)) {
    sql = random.pick(grammar.wrappers).replaceAll('$s', () => sql);
  }
  return disguise(fill(sql, grammar, random, 0), grammar, random);
}

function fill(text: string, grammar: Grammar, random: Random, depth: number): string {
  const lists: Readonly<Record<string, readonly string[]>> = {
    $e: grammar.expressions,
    $t: grammar.tables,
    $q: grammar.queries,
    $s: grammar.statements,
  };
  return text.replace(/\$[etqs]/g, (mark) => {
    const list = lists[mark] ?? [];
    const plain = list.filter((item) => !item.includes('$'));
    return fill(random.pick(depth >= deepest ? plain : list), grammar, random, depth + 1);
  });
}

/** Odd case, quotes, comments and white space, between tokens and sometimes within them. */
function disguise(sql: string, grammar: Grammar, random: Random): string {
  const written = sql.replace(/'(?:[^']|'')*'|[A-Za-z_]\w*|\s+/g, (token) => {
    if (token.startsWith("'")) {
      return token;
    }
    if (/^\s/.test(token)) {
      if (random.chance(8)) {
        return random.pick(grammar.comments);
      }
      return random.chance(8) ? random.pick(grammar.spaces) : ' ';
    }
    if (random.chance(5)) {
      return random.pick(grammar.quotes)(token);
    }
    if (random.chance(12)) {
      return token.toUpperCase();
    }
    if (random.chance(6)) {
      return token.replace(/[a-z]/gi, (letter) => (random.chance(50) ? letter.toUpperCase() : letter));
    }
    return random.chance(4) ? token + random.pick(grammar.comments) : token;
  });
  if (!random.chance(4)) {
    return written;
  }
  const at = random.below(written.length + 1);
  return (
    written.slice(0, at) +
    random.pick(['\0', ';', "'", '"', '--', '/*', '*/', '(', ')', '\\', '\uFEFF']) +
    written.slice(at)
  );
}

/** What a run found. */
export interface FuzzReport {
  readonly seed: number;
  readonly statements: number;
  readonly admitted: number;
  readonly answered: number;
  /** Statements after which the world was not as before. */
  readonly harm: readonly string[];
}

/** An engine to try statements on. */
export interface FuzzTarget {
  readonly grammar: Grammar;
  admits(sql: string): Promise<boolean>;
  /** Runs an admitted statement, a few rows of it; rejects where the engine refuses it. */
  run(sql: string): Promise<void>;
  /** The state of the world as a text. */
  snapshot(): Promise<string>;
}

/** How many admitted statements run between two looks at the world. */
const stride = 50;

/** Generates statements, runs those that the guard admits, and names those that changed the world. */
export async function fuzz(target: FuzzTarget, count: number, seed: number): Promise<FuzzReport> {
  const random = randomFrom(seed);
  const harm: string[] = [];
  let before = await target.snapshot();
  let recent: string[] = [];
  let admitted = 0;
  let answered = 0;
  const look = async (): Promise<void> => {
    const after = await target.snapshot();
    if (after !== before) {
      harm.push(...(recent.length === 1 ? recent : [`one of:\n${recent.join('\n')}`]));
    }
    before = after;
    recent = [];
  };
  for (let index = 0; index < count; index++) {
    const sql = generate(target.grammar, random);
    if (!(await target.admits(sql))) {
      continue;
    }
    admitted++;
    recent.push(sql);
    await target.run(sql).then(
      () => answered++,
      () => null,
    );
    if (recent.length >= stride) {
      await look();
    }
  }
  await look();
  return { seed, statements: count, admitted, answered, harm };
}
