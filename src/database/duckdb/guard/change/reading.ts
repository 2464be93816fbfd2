import { Refusal } from '../context.ts';
import type { Token } from '../syntax/lex.ts';
import type { QualifiedName } from '../syntax/names.ts';
import { closingBracket, isIdentifier, isSign, keyword, textOfTokens } from '../syntax/tokens.ts';

/** What a statement that changes rows does, put as queries that DuckDB's own parser reads. */
export interface Reading {
  readonly verb: string;
  readonly target: QualifiedName;
  /** Each reads what a part of the statement reads, of the same tables by the same names. */
  readonly queries: readonly string[];
  /** Columns that it names without reading them as a query would: those that are set, and those of ON CONFLICT. */
  readonly columns: readonly string[];
  /** It sets columns that it does not name. */
  readonly fillsAll: boolean;
}

/** Goes through the tokens of a statement. */
export class Reader {
  readonly sql: string;
  readonly tokens: readonly Token[];
  at = 0;

  constructor(sql: string, tokens: readonly Token[]) {
    this.sql = sql;
    this.tokens = tokens;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Takes these keywords, if they all follow. */
  accept(...words: readonly string[]): boolean {
    const follow = words.every((word, index) => keyword(this.tokens[this.at + index]) === word);
    this.at += follow ? words.length : 0;
    return follow;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) {
      throw new Refusal(`${words.join(' ')} is expected before ${this.token?.text ?? 'the end'}`);
    }
  }

  /** A name of up to three parts, as it is written too. */
  name(): { readonly name: QualifiedName; readonly written: string } {
    const start = this.at;
    const parts: string[] = [];
    do {
      const { token } = this;
      if (token === undefined || !isIdentifier(token)) {
        throw new Refusal(`a name is expected before ${token?.text ?? 'the end'}`);
      }
      parts.push(token.text);
      this.at++;
    } while (isSign(this.token, '.') && this.at++ >= 0);
    const [name = '', schema = null, catalog = null, ...others] = parts.toReversed();
    if (others.length > 0) {
      throw new Refusal(`${parts.join('.')} is not the name of a table`);
    }
    return {
      name: { catalog, schema, name },
      written: textOfTokens(this.sql, this.tokens.slice(start, this.at)),
    };
  }

  /** `(a, b)`: the names; null where no bracket opens. */
  nameList(): readonly string[] | null {
    if (!isSign(this.token, '(')) {
      return null;
    }
    const end = closingBracket(this.tokens, this.at);
    const inside = this.tokens.slice(this.at + 1, end);
    if (
      end < 0 ||
      !inside.every((token, index) => (index % 2 === 0 ? isIdentifier(token) : isSign(token, ',')))
    ) {
      return null;
    }
    this.at = end + 1;
    return inside.filter(isIdentifier).map(({ text }) => text);
  }

  /** What is left. */
  rest(): readonly Token[] {
    return this.tokens.slice(this.at);
  }

  text(tokens: readonly Token[]): string {
    return textOfTokens(this.sql, tokens);
  }

  refuseRest(): void {
    if (this.token !== undefined) {
      throw new Refusal(`${this.token.text} is not understood there`);
    }
  }
}
