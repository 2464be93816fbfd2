import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAnswer, listAnswers, readAnswer } from '../../src/memory/history.ts';
import { openStore, type Store } from '../../src/memory/store.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlq-history-'));
  store = await openStore(join(folder, 'memory.sqlite'));
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** Asks a question on a day that is counted from the start. */
function ask(question: string, days: number, who = ''): void {
  const answer = {
    who,
    place: 'sqlite:/shop.db',
    name: null,
    question,
    sql: 'SELECT 1',
    assumptions: [],
    provider: null,
    model: null,
    outcome: 'answered',
    rows: 1,
  };
  addAnswer(store, answer, { days: 365, answers: 1000 }, new Date(start + days * day));
}

const kept = (): readonly string[] => listAnswers(store, [], 1000).map(({ question }) => question);

describe('answers that are too old', () => {
  it('are forgotten as the days go by', () => {
    for (let week = 0; week <= 104; week += 1) {
      ask(`week ${week}`, week * 7);
    }
    // A year counted back from a week ago, and what came after.
    expect(kept().at(-1)).toBe('week 51');
    expect(kept()).toHaveLength(54);
  });

  it.each([400, 800, 40_000])('are none where the clock was once %i days ahead', (ahead) => {
    for (let number = 0; number < 5; number += 1) {
      ask(`before ${number}`, number);
    }
    for (let number = 0; number < 5; number += 1) {
      ask(`ahead ${number}`, ahead + number / 100);
    }
    for (let number = 0; number < 60; number += 1) {
      ask(`after ${number}`, 5 + number);
    }
    expect(kept()).toHaveLength(70);
  });

  it('are none where the clock was once years behind', () => {
    ask('before', 0);
    ask('behind', -9000);
    for (let number = 0; number < 60; number += 1) {
      ask(`after ${number}`, 1 + number);
    }
    expect(kept()).toHaveLength(62);
  });

  it('keeps the answers of one person from another', () => {
    ask('mine', 0);
    ask('of Ana', 1, 'ana');
    ask('of Bo', 2, 'bo');
    expect(kept()).toEqual(['mine']);
    expect(listAnswers(store, [], 10, { who: 'ana' }).map(({ question }) => question)).toEqual(['of Ana']);
    expect(readAnswer(store, null).question).toBe('mine');
    const [ofBo] = listAnswers(store, [], 10, { who: 'bo' });
    expect(() => readAnswer(store, ofBo?.id ?? 0)).toThrow('No answer has the number');
  });
});
