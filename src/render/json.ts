import type { ResultColumn, Row, Value } from '../result.ts';
import type { TextRenderer } from './renderer.ts';
import { isNumeral, valueText } from './value.ts';

/**
 * One object a row, one row a line: as an array, or as lines by themselves. Numbers are written digit for digit, also
 * those that JavaScript could not hold; JSON columns as they are; NaN and the infinities as strings.
 */
export function createJsonRenderer(shape: 'array' | 'lines'): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  let keys: readonly string[] = [];
  let first = true;
  const object = (row: Row): string => {
    let text = '{';
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index];
      if (column === undefined) {
        continue;
      }
      text += `${index === 0 ? '' : ','}${keys[index] ?? ''}:${jsonValue(row[index] ?? null, column)}`;
    }
    return `${text}}`;
  };
  return {
    begin(found) {
      columns = found;
      keys = uniqueNames(found.map(({ name }) => name)).map(jsonText);
      return shape === 'array' ? '[' : '';
    },
    rows(batch) {
      if (shape === 'lines') {
        return batch.map((row) => `${object(row)}\n`).join('');
      }
      const text = batch.map(object).join(',\n');
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + text;
    },
    end: () => (shape === 'lines' ? '' : first ? ']\n' : '\n]\n'),
  };
}

/**
 * An object with `columns`, of which each has a name and the engine's type, and `rows`, a list for each. It is for
 * programs that read numbers as JavaScript does: decimals, and integers beyond 2^53, are strings; other values as in
 * objects. Each row is a line, so that it can be read as it comes. It ends behind the list of rows: more members and the
 * brace follow from elsewhere.
 */
export function createListsRenderer(): TextRenderer {
  let columns: readonly ResultColumn[] = [];
  let separator = '\n';
  return {
    begin(found) {
      columns = found;
      const names = found.map(({ name, type }) => `{"name":${jsonText(name)},"type":${jsonText(type)}}`);
      return `{"columns":[${names.join(',')}],"rows":[`;
    },
    rows(batch) {
      const lists = batch.map(
        (row) => `[${columns.map((column, index) => listValue(row[index] ?? null, column)).join(',')}]`,
      );
      const text = separator + lists.join(',\n');
      separator = ',\n';
      return text;
    },
    end: () => '\n]',
  };
}

function listValue(value: Value, column: ResultColumn): string {
  const isBeyond = typeof value === 'bigint' && !Number.isSafeInteger(Number(value));
  return isBeyond || (typeof value === 'string' && isNumeral(value, column))
    ? jsonText(String(value))
    : jsonValue(value, column);
}

function jsonValue(value: Value, column: ResultColumn): string {
  const text = valueText(value, column);
  if (text === null) {
    return 'null';
  }
  if (typeof value === 'boolean' || isNumeral(value, column)) {
    return text;
  }
  if (column.kind === 'json' && typeof value === 'string' && isJson(value)) {
    // Line ends stand in JSON only as white space, and a row is a line.
    return withEscapes(value.replace(/[\r\n]+/gu, ' '));
  }
  return jsonText(text);
}

function jsonText(text: string): string {
  return withEscapes(JSON.stringify(text));
}

/**
 * Characters that a terminal would obey or hide, as JSON's own escapes: what is parsed is the same. They can stand within
 * JSON's strings alone, where an escape means the character.
 */
function withEscapes(json: string): string {
  if (!/[^ -~]/u.test(json)) {
    return json;
  }
  return json.replace(unseen, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** C1 controls, DEL, and what has no picture: bidirectional and other format characters, separators of lines. */
const unseen = /[\u007f-\u009f]|(?![\u200d])[\p{Cf}\p{Zl}\p{Zp}]/gu;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // MariaDB's JSON is a text with a check that can be off.
    return false;
  }
}

/** Names with a number after those that stood before, so that no key of an object hides another. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    while (taken.has(`${name}_${number}`)) {
      number += 1;
    }
    const unique = `${name}_${number}`;
    taken.add(unique);
    seen.add(unique);
    return unique;
  });
}
