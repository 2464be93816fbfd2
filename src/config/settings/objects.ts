import { tlsModes } from '../../database/target.ts';
import { strategies } from '../../model/endpoints/strategies.ts';
import { providerNames } from '../../model/providers.ts';
import { endpoints, prices } from './endpoints.ts';
import {
  duration,
  integer,
  number,
  oneOf,
  onOff,
  sendable,
  text,
  texts,
  textsByName,
  wholeNumber,
} from './kind.ts';
import { type Field, field } from './setting.ts';

/** The keys of a profile of `profiles`. */
export const profileFields = {
  provider: field(
    oneOf(providerNames),
    'what answers: openai-compatible, a server, unless set; offline, the engine that needs none',
    'openai-compatible',
  ),
  baseUrl: field(
    text,
    "the server's address with its /v1 or the like; ${VARIABLE} is filled in",
    'https://llm.example.com/v1',
  ),
  model: field(text, "the model's name on the server, or the deployment's", 'qwen2.5-coder-32b'),
  apiKey: field(
    text,
    'the key: ${VARIABLE}, or the key itself in a file that you alone can read (chmod 600)',
    '${EXAMPLE_API_KEY}',
  ),
  headers: field(textsByName, 'further HTTP headers of each request; ${VARIABLE} is filled in', {
    'X-Team': 'data',
  }),
  temperature: field(
    number({ from: 0, to: 2 }),
    'how freely tokens are drawn; 0, the default, takes the likeliest',
    0,
  ),
  topP: field(number({ above: 0, to: 1 }), 'draw from the likeliest tokens of this total probability', 1),
  seed: field(integer, 'makes the draw repeatable on servers that can', 7),
  stop: field(texts, 'texts that end a reply', ['\n\n\n']),
  presencePenalty: field(number({ from: -2, to: 2 }), 'penalty on tokens that were used before', 0),
  frequencyPenalty: field(number({ from: -2, to: 2 }), 'penalty that grows with each use of a token', 0),
  reasoningEffort: field(
    text,
    'how long a reasoning model thinks: none, minimal, low, medium, high, or what its server knows',
    'low',
  ),
  maxTokens: field(wholeNumber(1), 'the longest reply, in tokens', 2048),
  contextSize: field(
    wholeNumber(1),
    "the model's window in tokens, where its server does not tell it",
    32_768,
  ),
  structured: field(
    oneOf(['auto', 'json_schema', 'json_object', 'tool', 'text', 'sql']),
    'how the server is made to answer in shape; auto tries from the strictest down, and sql is for models that write SQL alone',
    'auto',
  ),
  timeout: field(duration, 'ends a request after this long, such as 2m', 120_000),
  retries: field(
    wholeNumber(0, 10),
    'how often a busy server is asked again; a local one only after a wait that it names',
    2,
  ),
  endpoints: field(
    endpoints,
    'several servers that share the questions, instead of baseUrl: addresses, or objects with url, weight, model, apiKey, headers, contextSize, requestsAtOnce, requestsPerMinute, tokensPerMinute',
    [
      'http://10.0.0.5:8080/v1',
      { url: 'https://llm.example.com/v1', weight: 2, apiKey: '${EXAMPLE_API_KEY}', requestsPerMinute: 60 },
    ],
  ),
  strategy: field(
    oneOf(strategies),
    'how the endpoints share: round-robin by weight, unless set; least-busy; fastest; sticky, a database to one of them, for its prompt cache',
    'round-robin',
  ),
  fallback: field(
    texts,
    'profiles that are asked where no endpoint answers or has room, in this order; offline is one',
    ['offline'],
  ),
  hedge: field(
    onOff,
    'ask a second endpoint too where the first takes longer than 95 in 100 answers did; the first answer counts',
    false,
  ),
  probeAfter: field(
    duration,
    'ask an endpoint that has been silent for so long whether it is still there, and another one where it is not; 10s unless set',
    10_000,
  ),
  prices: field(
    prices,
    'what models cost, by name, in dollars for a million tokens, for budgets in money and sqlq usage',
    { 'qwen2.5-coder-32b': { input: 0.2, output: 0.6, date: '2026-11-01' } },
  ),
  send: field(
    sendable,
    'what this server may be sent besides names, types and keys; instead of the general send',
    ['comments', 'profiles'],
  ),
};

/** The keys of a database of `databases` that is written out, besides its `url`. */
export const databaseFields = {
  tls: field(
    oneOf(tlsModes),
    "how the connection is protected, unless the URL's sslmode says it; over a network verify-full unless set",
    'verify-full',
  ),
  schemas: field(texts, 'read these schemas alone', ['public', 'sales']),
  include: field(texts, 'read tables that match, alone', ['order*', 'sales.*']),
  exclude: field(texts, 'leave out tables that match', ['*_backup']),
  types: field(texts, 'types of columns of data files, instead of the general types', ['orders.day=dmy']),
  reading: field(texts, 'how data files are written, instead of the general reading', ['header=no']),
  hide: field(texts, 'columns of this database that nobody may read, besides the general hide', [
    'customers.iban',
  ]),
  send: field(sendable, 'what a model may be sent of this database, instead of the general send', []),
  notes: field(textsByName, 'what words mean in this database, besides the general notes', {
    churned: 'a customer without an order for a year',
  }),
};

/** The address of a database. */
export const urlField = field(
  text,
  'its address: sqlite:path, a path, postgres://… or mysql://…; ${VARIABLE} is filled in, relative paths start at this file',
  'postgres://reader:${SHOP_PASSWORD}@db.example.com/shop',
);

/** Notes of a settings file. */
export const notesField: Field<Readonly<Record<string, string>>> = field(
  textsByName,
  'what words, tables and columns mean: text, or an expression such as "orders.price * orders.quantity"; a file sqlq.notes.md may hold more',
  {
    revenue: 'order_items.quantity * order_items.unit_price',
    'orders.status': 'cancelled ones never count as sold',
  },
);
