import { describe, expect, it } from 'vitest';
import { detours, joinGraph, joinTables, otherKeys } from '../../src/offline/query/joins.ts';
import { indexSchema } from '../../src/offline/schema-index/make.ts';
import { schemaOf } from './schema.ts';

const schemaIndex = indexSchema(
  schemaOf(
    'sqlite',
    `
    student: id int, name text
    course: id int, title text
    enrolment: student_id int >student.id, course_id int >course.id, grade text
    team: id int, name text
    game: id int, home_team int >team.id, away_team int >team.id
    island: id int, name text
    `,
  ),
);
const graph = joinGraph(schemaIndex);
const id = (table: string): number => schemaIndex.tables.findIndex((other) => other.name === table);
const names = (tables: readonly number[] | undefined): string[] =>
  (tables ?? []).map((table) => schemaIndex.tables[table]?.name ?? '');

describe('joins', () => {
  it('go through a bridge', () => {
    expect(names(joinTables(graph, [id('student'), id('course')])?.tables)).toEqual([
      'student',
      'enrolment',
      'course',
    ]);
  });

  it('are none where no key connects', () => {
    expect(joinTables(graph, [id('student'), id('island')])).toBeNull();
  });

  it('know every key between two tables', () => {
    const tree = joinTables(graph, [id('team'), id('game')]);
    const keys = tree === null ? [] : [tree, ...otherKeys(graph, tree)];
    expect(keys.map((other) => schemaIndex.columns[other.joins[0]?.on[0]?.[1] ?? -1]?.name).sort()).toEqual([
      'away_team',
      'home_team',
    ]);
  });

  it('go round a key that may say something else', () => {
    const firm = indexSchema(
      schemaOf(
        'sqlite',
        `
        employee: id int, name text
        department: id int, name text, head_id int >employee.id
        professor: employee_id int >employee.id, department_id int >department.id, office text
        `,
      ),
    );
    const over = joinGraph(firm);
    const [tree] = [joinTables(over, [0, 1])];
    expect(tree?.tables).toEqual([0, 1]);
    const [other, ...more] = tree == null ? [] : detours(over, [0, 1], tree);
    expect([...(other?.tables ?? [])].sort()).toEqual([0, 1, 2]);
    expect(more).toEqual([]);
  });

  it('are inferred from names where nobody declared a key', () => {
    const bare = indexSchema(
      schemaOf('sqlite', 'artist: id int, name text\nalbum: id int, title text, artist_id int'),
    );
    expect(bare.links).toMatchObject([{ from: 1, to: 0, declared: false }]);
  });
});

describe('keys that nobody declared', () => {
  const linksOf = (text: string): string[] => {
    const { columns, links } = indexSchema(schemaOf('sqlite', text));
    return links.map(
      (link) => `${columns[link.left[0] ?? -1]?.name} → ${columns[link.right[0] ?? -1]?.name}`,
    );
  };

  it('are found where a word tells the part that a row plays', () => {
    expect(
      linksOf('station: id int, name text\ntrip: id int, start_station_id int, end_station_id int'),
    ).toEqual(['start_station_id → id', 'end_station_id → id']);
  });
  it('are columns of one telling name where a schema has no key at all', () => {
    expect(linksOf('pupils: name text, classroom int\nteachers: teacher text, classroom int')).toEqual([
      'classroom → classroom',
    ]);
  });
});
