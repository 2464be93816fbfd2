import type { Engine } from '../../schema/schema.ts';
import type { DatePart } from './tree.ts';

/** A part of a date as text that sorts as time does: 2024, 2024-Q1, 2024-03, 2024-W07 (ISO 8601 weeks), 2024-03-09. */
export function writePart(engine: Engine, part: DatePart, column: string): string {
  return writers[engine](part, column);
}

const writers: Readonly<Record<Engine, (part: DatePart, column: string) => string>> = {
  sqlite: (part, column) => {
    switch (part) {
      case 'year':
        return `strftime('%Y', ${column})`;
      case 'quarter':
        return `strftime('%Y-Q', ${column}) || ((strftime('%m', ${column}) + 2) / 3)`;
      case 'month':
        return `strftime('%Y-%m', ${column})`;
      case 'week':
        return `strftime('%G-W%V', ${column})`;
      case 'day':
        return `date(${column})`;
    }
  },
  postgres: (part, column) => `to_char(${column}, '${formats.postgres[part]}')`,
  mysql: (part, column) =>
    part === 'quarter'
      ? `concat(year(${column}), '-Q', quarter(${column}))`
      : `date_format(${column}, '${formats.mysql[part]}')`,
};

const formats = {
  postgres: {
    year: 'YYYY',
    quarter: 'YYYY-"Q"Q',
    month: 'YYYY-MM',
    week: 'IYYY-"W"IW',
    day: 'YYYY-MM-DD',
  },
  mysql: { year: '%Y', quarter: '', month: '%Y-%m', week: '%x-W%v', day: '%Y-%m-%d' },
} as const;
