import { expect, test } from 'vitest';
import { parseAnswer } from '../../../src/model/reply/parse.ts';

const empty = { reasoning: 'r', assumptions: [], unanswerable: null, clarification: null };
const right = JSON.stringify({ ...empty, sql: 'SELECT 2' });
const draft = JSON.stringify({ ...empty, sql: 'SELECT 1 FROM draft' });
const also = (given: object): string => JSON.stringify({ ...empty, sql: 'SELECT 2', ...given });
const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Every way to think aloud, with a draft of the answer in it. */
const thinking: readonly (readonly [string, string])[] = [
  ...[
    'deliberation',
    'plan',
    'internal',
    'cot',
    'chain_of_thought',
    'inner_thoughts',
    'draft',
    'pondering',
  ].map((name) => [`<${name}>`, `<${name}>\n${draft}\n</${name}>\n`] as const),
  ['a tag with a number', `<think_never_used_51bce0c7>${draft}</think_never_used_51bce0c7>`],
  ['a tag within', `<seed:think>a<seed:cot_budget_reflect>${draft}</seed:cot_budget_reflect></seed:think>`],
  ['an escaped tag', `&lt;think&gt;${draft}&lt;/think&gt;`],
  ['[BEGIN_THINK]', `[BEGIN_THINK]${draft}[END_THINK]`],
  ['marks of wide letters', `<｜begin▁of▁thinking｜>${draft}<｜end▁of▁thinking｜>`],
  ["Gemma's channel", `<|channel>thought\n${draft}<channel|>`],
  ["Gemma's unused words", `<unused94>thought\n${draft}<unused95>`],
  ['a fence', `${fence('thinking', draft)}\n`],
  ['a section', `## Thinking\n${draft}\n\n## Answer\n`],
  ['channels without their marks', `analysis${draft}assistantfinal`],
  ['the end alone', `${draft}\n</think>\n`],
];

test.each(thinking)('a draft in %s never counts', (_name, before) => {
  expect(sqlOf(before + right)).toBe('SELECT 2');
  expect(sqlOf(before + fence('sql', 'SELECT 2'))).toBe('SELECT 2');
});

test.each(thinking.filter(([name]) => name !== 'a section' && name !== 'channels without their marks'))(
  'nor where nothing follows %s',
  (_name, before) => {
    expect(sqlOf(`${before}I can't decide.`)).toBeNull();
  },
);

test.each([
  ['false for null', also({ unanswerable: false, clarification: false })],
  ['a list for null', also({ unanswerable: [], clarification: [] })],
  ['a word for null', also({ unanswerable: 'No', clarification: 'Not applicable' })],
  ['a text for a list', also({ assumptions: 'Germany is DE.' })],
  ['objects for texts', also({ assumptions: [{ text: 'Germany is DE.' }] })],
  ['an object for a list', also({ assumptions: {} })],
  ['a list for a text', also({ reasoning: ['a', 'b'] })],
  ['a list of one query', '{"sql": ["SELECT 2"]}'],
  ['a query in an object', '{"sql": {"query": "SELECT 2"}}'],
  ['a key of its own', '{"sqlQuery": "SELECT 2", "explanation": "It counts."}'],
  ['an example before it', `{"reasoning": "…", "sql": "...", "assumptions": []}\n${right}`],
  ['JSON as text', JSON.stringify(right)],
  ['JSON as text of text', JSON.stringify(JSON.stringify(right))],
  ['escaped quotes', right.replaceAll('"', '\\"')],
  ["Python's long strings", '{"reasoning": "r", "sql": """SELECT 2""", "assumptions": []}'],
  ['no last brace', right.slice(0, -1)],
  ['no last brace in a fence', fence('json', right.slice(0, -1))],
  ['no first brace', right.slice(1)],
  ['a call of Python', '[answer(reasoning="r", sql="SELECT 2", assumptions=[])]'],
  [
    'a call of harmony',
    `<|channel|>analysis<|message|>${draft}<|end|><|start|>assistant<|channel|>commentary to=functions.answer <|constrain|>json<|message|>${right}<|call|>`,
  ],
  [
    "Qwen's call",
    '<tool_call>\n<function=answer>\n<parameter=sql>\nSELECT 2\n</parameter>\n</function>\n</tool_call>',
  ],
  ["Claude's call", '<invoke name="answer"><parameter name="sql">SELECT 2</parameter></invoke>'],
  ["GLM's call", '<tool_call>answer\n<arg_key>sql</arg_key>\n<arg_value>SELECT 2</arg_value>\n</tool_call>'],
  ['XML', '<response><reasoning>r</reasoning><sql>SELECT 2</sql><assumptions></assumptions></response>'],
  ['a tag', '<query>\nSELECT 2\n</query>'],
  ['tags around it', '<answer><code>SELECT 2;</code></answer>'],
  ['YAML', 'reasoning: r\nsql: SELECT 2\nassumptions: []\nunanswerable: null'],
  ['YAML in a fence', fence('yaml', 'reasoning: r\nsql: |\n  SELECT 2\nassumptions:\n  - a')],
  ['TOML', 'reasoning = "r"\nsql = "SELECT 2"\nassumptions = []'],
  ['labels of Markdown', '**Reasoning**: r\n\n**SQL**: SELECT 2'],
  ['labels of a chain', 'SQLQuery: SELECT 2\nSQLResult: 5'],
  ...['postgres', 'mariadb', 'duckdb', 'text', 'json', 'SQLite3', 'tsql'].map((language) => [
    `a fence of ${language}`,
    fence(language, 'SELECT 2;'),
  ]),
  ['a fence of tildes', '~~~sql\nSELECT 2\n~~~'],
  ['a fence of four', '````sql\nSELECT 2\n````'],
  ['a fence on one line', '```sql SELECT 2 ```'],
  ['a fence without language on one line', '```SELECT 2```'],
  ['code in a sentence', 'Use `SELECT 2`.'],
  ['a sentence before it', 'Here is the query:\n\nSELECT 2;'],
  ['sentences around it', 'Sure! Here you go:\n\nSELECT 2\n\nThis counts the customers.'],
  ['a mark of the template', 'SELECT 2;<|eot_id|><|start_header_id|>assistant'],
  ['marks of wide letters', '<｜begin▁of▁sentence｜>SELECT 2<｜end▁of▁sentence｜>'],
  ['the next task', 'SELECT 2;\n\n### Task\nGenerate a SQL query to answer'],
])('%s', (_name, reply) => {
  expect(sqlOf(reply)).toBe('SELECT 2');
});

test('values in tags and under labels are read as they are meant', () => {
  expect(sqlOf('<answer><sql><![CDATA[SELECT 1 < 2]]></sql></answer>')).toBe('SELECT 1 < 2');
  expect(sqlOf('<answer><sql>SELECT 1 &lt; 2</sql></answer>')).toBe('SELECT 1 < 2');
  expect(parseAnswer(content('sql: "SELECT \'a\'"\nassumptions:\n- one\n- "two"'))).toMatchObject({
    ok: true,
    answer: { sql: "SELECT 'a'", assumptions: ['one', 'two'] },
  });
  expect(parseAnswer(content('{"unanswerable": true, "reasoning": "No weather is stored."}'))).toMatchObject({
    ok: true,
    answer: { kind: 'unanswerable', reason: 'No weather is stored.' },
  });
});

test.each([
  ['half a query', 'SELECT a\n\nFROM t WHERE b = 1', 'SELECT a\n\nFROM t WHERE b = 1'],
  ['a paragraph that goes on', 'The query:\n\nSELECT a FROM t\n\nWHERE b = 1', null],
  ['a sentence', 'Select the customers of Germany first, then count.', null],
  ['a word of SQL', 'Use `SELECT` with care.', null],
  ['two queries', `${fence('sql', 'SELECT 1')}\nBetter:\n${fence('sql', 'SELECT 2')}`, null],
  ['a string with a tag', "SELECT 'a\n<plan>b</plan>'", "SELECT 'a\n<plan>b</plan>'"],
  ['a string of XML', "SELECT xpath('//a', '<a>{1}</a>')", "SELECT xpath('//a', '<a>{1}</a>')"],
  ['braces of a format', "SELECT '{a}' AS a", "SELECT '{a}' AS a"],
])('%s is not taken for another', (_name, reply, sql) => {
  expect(sqlOf(reply)).toBe(sql);
});

test('a reply that was cut is not closed for the model', () => {
  for (const reply of [right.slice(0, -1), 'sql: SELECT 2', right.slice(1, -3)]) {
    expect(parseAnswer({ ...content(reply), isCut: true }).ok, reply).toBe(false);
  }
});

test('a field of thinking is read from where its thinking ends', () => {
  const reasoning = (text: string) => parseAnswer({ ...content(''), reasoning: text });
  expect(reasoning(`${draft}\n</think>\n${right}`)).toMatchObject({ ok: true, answer: { sql: 'SELECT 2' } });
  expect(reasoning(fence('json', right))).toMatchObject({ ok: true, answer: { sql: 'SELECT 2' } });
  expect(reasoning(`Perhaps ${draft}`).ok).toBe(false);
});

function content(text: string) {
  return { content: text, toolArguments: '', reasoning: '' };
}

function sqlOf(reply: string): string | null {
  const parsed = parseAnswer(content(reply));
  return parsed.ok && parsed.answer.kind === 'sql' ? parsed.answer.sql : null;
}
