import type { Moment } from './phrases.ts';

/** A way to keep a moment: the table that does, its type on each engine, and what is written for a moment. */
export interface Storage {
  readonly noun: string;
  readonly said: string;
  readonly type: string | Readonly<Record<string, string>>;
  write(moment: Moment): string;
}

const text = (value: string): string => `'${value}'`;
const seconds = (moment: Moment): number => Date.parse(`${moment.replace(' ', 'T')}Z`) / 1000;

export const storages: readonly Storage[] = [
  { noun: 'visits', said: 'ISO days as text', type: 'VARCHAR(40)', write: (m) => text(m.slice(0, 10)) },
  { noun: 'rentals', said: 'ISO times as text', type: 'VARCHAR(40)', write: text },
  {
    noun: 'flights',
    said: 'ISO times with a T and Z as text',
    type: 'VARCHAR(40)',
    write: (m) => text(`${m.replace(' ', 'T')}Z`),
  },
  {
    noun: 'lessons',
    said: 'ISO times with a zone as text',
    type: 'VARCHAR(40)',
    write: (m) => text(`${m.replace(' ', 'T')}+02:00`),
  },
  {
    noun: 'repairs',
    said: 'DD.MM.YYYY',
    type: 'VARCHAR(40)',
    write: (m) => text(`${m.slice(8, 10)}.${m.slice(5, 7)}.${m.slice(0, 4)}`),
  },
  {
    noun: 'parcels',
    said: 'DD/MM/YYYY',
    type: 'VARCHAR(40)',
    write: (m) => text(`${m.slice(8, 10)}/${m.slice(5, 7)}/${m.slice(0, 4)}`),
  },
  {
    noun: 'audits',
    said: 'MM/DD/YYYY',
    type: 'VARCHAR(40)',
    write: (m) => text(`${m.slice(5, 7)}/${m.slice(8, 10)}/${m.slice(0, 4)}`),
  },
  {
    noun: 'readings',
    said: 'YYYYMMDD as text',
    type: 'VARCHAR(8)',
    write: (m) => text(m.slice(0, 10).replaceAll('-', '')),
  },
  {
    noun: 'permits',
    said: 'YYYYMMDD as integers',
    type: 'INTEGER',
    write: (m) => m.slice(0, 10).replaceAll('-', ''),
  },
  { noun: 'calls', said: 'seconds since 1970', type: 'INTEGER', write: (m) => String(seconds(m)) },
  {
    noun: 'messages',
    said: 'milliseconds since 1970',
    type: 'BIGINT',
    write: (m) => String(seconds(m) * 1000),
  },
  { noun: 'trips', said: 'DATE', type: 'DATE', write: (m) => text(m.slice(0, 10)) },
  {
    noun: 'deliveries',
    said: 'TIMESTAMP',
    type: { postgres: 'TIMESTAMP', mysql: 'DATETIME', sqlite: 'TIMESTAMP' },
    write: text,
  },
  {
    noun: 'meetings',
    said: 'TIMESTAMP with a time zone',
    type: { postgres: 'TIMESTAMPTZ', mysql: 'TIMESTAMP', sqlite: 'TIMESTAMP' },
    write: text,
  },
];
