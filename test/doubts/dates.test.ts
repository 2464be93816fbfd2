import { expect, it } from 'vitest';
import { describeDoubts } from '../support/doubted-database.ts';

const times = ['00:00:00', '00:00:00', '08:15:00', '23:59:59'];
const script = [
  'CREATE TABLE visit (id INTEGER PRIMARY KEY, arrived TIMESTAMP NOT NULL, on_day DATE NOT NULL, iso VARCHAR(20) NOT NULL, german VARCHAR(20) NOT NULL, american VARCHAR(20) NOT NULL, epoch BIGINT NOT NULL, word VARCHAR(20) NOT NULL, clock TIME NOT NULL)',
  `INSERT INTO visit VALUES ${Array.from({ length: 16 }, (_, index) => {
    const day = String(28 + (index % 4)).padStart(2, '0');
    const month = index < 8 ? '10' : '12';
    const date = `2024-${month}-${day}`;
    const at = `${date} ${times[index % times.length]}`;
    return `(${index + 1}, '${at}', '${date}', '${date}', '${day}.${month}.2024', '${month}/${day}/2024', ${Date.parse(`${date}T12:00:00Z`) / 1000}, 'open', '12:30:00')`;
  }).join(', ')}`,
];

describeDoubts('dates', script, ({ name, doubtsOf, rowsOf }) => {
  const doubtsAbout = async (condition: string, kind: string) =>
    (await doubtsOf(`SELECT COUNT(*) FROM visit WHERE ${condition}`)).filter((doubt) => doubt.kind === kind);

  // The days are 28 to 31, of which the last one's times are all but midnight.
  it.each([
    ["arrived <= '2024-12-31'", '16', 'left out'],
    ["arrived BETWEEN '2024-12-01' AND '2024-12-31'", '8', 'left out'],
    ["arrived > '2024-10-31'", '8', 'taken in'],
    ["arrived = '2024-12-31'", '2', 'left out'],
    ["NOT arrived <= '2024-10-31'", '8', 'taken in'],
  ])('a day that is cut at its first moment: %s', async (condition, count, way) => {
    const [doubt] = await doubtsAbout(condition, 'end-of-day');
    expect(doubt?.sentence).toMatch(new RegExp(`2 rows of visit are later that day and ${way}\\.$`, 'u'));
    expect(await rowsOf(doubt?.mendedSql)).toEqual([[count]]);
  });

  it.each([
    "arrived < '2025-01-01'",
    "arrived >= '2024-10-31'",
    "arrived <= '2024-11-30'",
    "on_day <= '2024-12-31'",
    "iso > '2024-10-31'",
  ])('no day is cut by %s', async (condition) => {
    expect(await doubtsAbout(condition, 'end-of-day')).toEqual([]);
  });

  it.each([
    ["iso >= '01.12.2024'", '8', "holds dates as text, YYYY-MM-DD, and '01.12.2024' is written otherwise"],
    ["iso >= '2024/12/01'", '8', 'is written otherwise'],
    ["iso = '2024-12-5'", '0', 'nothing'],
    ["iso >= '2024-9-5'", '16', 'is written otherwise'],
    ["iso >= '2024-11-31'", '8', "There is no '2024-11-31': that month has 30 days."],
    ["iso <= '2024-13-01'", null, "'2024-13-01' is no date."],
    ["iso >= 'last month'", null, "and 'last month' is no date."],
    ["german >= '01.12.2024'", '8', 'holds dates as text, DD.MM.YYYY, which does not sort as time does'],
    ["german >= '2024-12-01'", '8', "and '2024-12-01' is written otherwise"],
    ["german = '2024-12-31'", '2', "and '2024-12-31' is written otherwise"],
    ["american = '2024-12-31'", '2', "and '2024-12-31' is written otherwise"],
    ["american <= '11/30/2024'", null, 'MM/DD/YYYY, which does not sort as time does'],
  ])('a date as text in another form: %s', async (condition, count, words) => {
    const [doubt] = await doubtsAbout(condition, 'date-form');
    if (words === 'nothing') {
      expect(doubt).toBeUndefined();
      return;
    }
    expect(doubt?.sentence).toContain(words);
    if (count === null) {
      expect(doubt?.mendedSql).toBeNull();
    } else {
      expect(await rowsOf(doubt?.mendedSql)).toEqual([[count]]);
    }
  });

  it.each([
    "iso >= '2024-12-01'",
    "iso >= '2024'",
    "word >= 'm'",
    "clock < '13:00:00'",
    "word = 'last month'",
    "german = '31.12.2024'",
    "on_day >= '2024-12-01'",
  ])('no doubt about %s', async (condition) => {
    expect(await doubtsAbout(condition, 'date-form')).toEqual([]);
  });

  it('dates as text that are put in order', async () => {
    const [doubt] = await doubtsOf('SELECT MAX(german) FROM visit');
    expect(doubt).toMatchObject({ kind: 'date-form', evidence: { form: 'DD.MM.YYYY' } });
    expect((await rowsOf(doubt?.mendedSql))[0]?.[0]).toContain('2024-12-31');
  });

  // PostgreSQL refuses to compare these.
  if (name !== 'postgres') {
    it('a date that is held against seconds, or that is none', async () => {
      const [seconds] = await doubtsAbout("epoch >= '2024-12-01'", 'date-form');
      expect(seconds?.sentence).toContain('visit.epoch holds seconds since 1970');
      expect(await rowsOf(seconds?.mendedSql)).toEqual([['8']]);
      const [word] = await doubtsAbout("on_day >= 'last month'", 'date-form');
      expect(word?.sentence).toContain("'last month' is no date");
      const [dotted] = await doubtsAbout("on_day >= '01.12.2024'", 'date-form');
      expect(await rowsOf(dotted?.mendedSql)).toEqual([['8']]);
    });
  } else {
    it('a date that a database reads in another order', async () => {
      const [dotted] = await doubtsAbout("on_day >= '01.12.2024'", 'date-form');
      expect(dotted?.sentence).toBe("'01.12.2024' is read as 2024-01-12 here.");
      expect(await rowsOf(dotted?.mendedSql)).toEqual([['8']]);
      const [slashes] = await doubtsAbout("on_day >= '01/12/2024'", 'date-form');
      expect(slashes?.sentence).toContain('may be meant as another day');
      expect(await doubtsAbout("on_day >= '12/31/2024'", 'date-form')).toEqual([]);
    });
  }
});
