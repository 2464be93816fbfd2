import { expect, test } from 'vitest';
import { type Effective, loadSettings } from '../../src/config/load.ts';
import { describeSettings, settingsLines } from '../../src/config/settings/describe.ts';

const origin = { path: '/home/ann/.config/sqlq/.sqlqrc', trusted: true };

async function effective(): Promise<Effective> {
  const loaded = await loadSettings({
    flags: { timeout: 90_000, hide: ['*.ssn'] },
    environment: { SQLQ_DATABASE: 'postgres://ann:canary@h/d' },
    workingDirectory: '/',
    homeFolder: '/nobody',
  });
  return {
    ...loaded,
    profiles: new Map([
      [
        'mine',
        {
          settings: {
            baseUrl: 'https://llm.example/v1?api_key=canary',
            model: 'm',
            apiKey: 'canary',
            headers: { 'x-team': 'canary' },
            timeout: 60_000,
          },
          origin,
        },
      ],
    ]),
    databases: new Map([['live', { settings: { url: 'mysql://u:canary@h/d', hide: ['a.b'] }, origin }]]),
  };
}

test('lines with each key, value and source, and no secret', async () => {
  expect(settingsLines(describeSettings(await effective(), ['canary']))).toMatchInlineSnapshot(`
    [
      "profile                (not set)  (built in)",
      "baseUrl                (not set)  (built in)",
      "model                  (not set)  (built in)",
      "database               postgres://***@h/d  (SQLQ_DATABASE)",
      "format                 (not set)  (built in)",
      "limit                  (not set)  (built in)",
      "timeout                90s  (--timeout)",
      "memoryLimit            1GB  (built in)",
      "repairs                2  (built in)",
      "doubts                 true  (built in)",
      "doubtTimeout           300ms  (built in)",
      "strict                 false  (built in)",
      "cache                  true  (built in)",
      "history                true  (built in)",
      "docs                   true  (built in)",
      "embeddingModel         (not set)  (built in)",
      "historyDays            365  (built in)",
      "historyAnswers         10000  (built in)",
      "send                   ["comments","profiles"]  (built in)",
      "hide                   ["*.ssn"]  (--hide)",
      "trustFunctions         []  (built in)",
      "trustGuard             false  (built in)",
      "schemas                []  (built in)",
      "include                []  (built in)",
      "exclude                []  (built in)",
      "types                  []  (built in)",
      "reading                []  (built in)",
      "maxRowsScanned         (not set)  (built in)",
      "maxCost                (not set)  (built in)",
      "maxTokens              (not set)  (built in)",
      "schemaTokens           (not set)  (built in)",
      "temperature            (not set)  (built in)",
      "lookSteps              (not set)  (built in)",
      "budget                 (not set)  (built in)",
      "dayBudget              (not set)  (built in)",
      "monthBudget            (not set)  (built in)",
      "csvSafe                false  (built in)",
      "color                  (not set)  (built in)",
      "trustedFolders         []  (built in)",
      "profiles.mine.baseUrl  https://llm.example/v1?api_key=***  (/home/ann/.config/sqlq/.sqlqrc)",
      "profiles.mine.model    m  (/home/ann/.config/sqlq/.sqlqrc)",
      "profiles.mine.apiKey   (set)  (/home/ann/.config/sqlq/.sqlqrc)",
      "profiles.mine.headers  {"x-team":"(set)"}  (/home/ann/.config/sqlq/.sqlqrc)",
      "profiles.mine.timeout  60s  (/home/ann/.config/sqlq/.sqlqrc)",
      "databases.live.url     mysql://***@h/d  (/home/ann/.config/sqlq/.sqlqrc)",
      "databases.live.hide    ["a.b"]  (/home/ann/.config/sqlq/.sqlqrc)",
    ]
  `);
});

test('the same as data', async () => {
  const described = describeSettings(await effective(), []);
  expect(JSON.stringify(described)).not.toContain('canary');
  expect(described.settings).toMatchObject({
    timeout: { value: 90_000, source: '--timeout' },
    limit: { value: null, source: 'built in' },
  });
  expect(described.profiles['mine']).toMatchObject({
    value: { apiKey: '(set)', headers: { 'x-team': '(set)' } },
    source: origin.path,
  });
});
