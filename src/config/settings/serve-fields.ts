import { duration, type Kind, oneOf, onOff, size, text, texts, wholeNumber } from './kind.ts';
import { rate } from './rate.ts';
import { field } from './setting.ts';

/** A text of one shape. */
function shaped(shape: RegExp, wanted: string): Kind<string> {
  return {
    wanted,
    read: (given) => (shape.test(given) ? given : null),
    schema: ({ string }) => string().regex(shape, `it has to be ${wanted}`),
    write: (value) => value,
  };
}

/** Texts that may hold commas: on the command line one at a time. */
const oneByOne: Kind<readonly string[]> = {
  ...texts,
  wanted: 'a text',
  read: (given) => (given.trim() === '' ? null : [given]),
};

/** The name of a file, in a settings file from where that lies. */
const file: Kind<string> = { ...text, wanted: 'the name of a file' };

/**
 * The keys of `serve`, each of which `sqlq serve` has a flag for, of the same name. What the user's own file says counts, or
 * the one that `--config` names; never what a file says that was found.
 */
export const serveFields = {
  databases: field(
    texts,
    'databases of the settings that are served besides, or all; repeat or separate with commas',
    ['all'],
  ),
  host: field(
    shaped(/^[\w.:-]{1,253}$/u, 'a host name or an IP address'),
    'the address to listen on; 127.0.0.1 unless given, which other machines do not reach',
    '0.0.0.0',
  ),
  port: field(
    { ...wholeNumber(0, 65_535), wanted: 'a number from 0 to 65535' },
    'the port to listen on; 8080 unless given, 0 for any that is free',
    8080,
  ),
  behindProxy: field(
    { ...wholeNumber(1, 9), wanted: 'a number from 1 to 9' },
    'a proxy stands before it that speaks TLS, or so many in a row; its word counts for where requests come from',
    1,
  ),
  metricsAddress: field(
    shaped(/^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/iu, 'an address with a port'),
    'answer /metrics, /health and /ready there too, to anybody, such as 127.0.0.1:9464',
    '127.0.0.1:9464',
  ),
  logLevel: field(
    oneOf(['debug', 'info', 'warn', 'error', 'silent']),
    'what is written of requests on standard output; info unless given',
    'info',
  ),
  rateUser: field(rate, 'requests of one user, such as 60/m, or none; 300/m unless given', {
    requests: 300,
    milliseconds: 60_000,
  }),
  rateAddress: field(rate, 'requests from one address, whoever makes them, or none; 3000/m unless given', {
    requests: 3000,
    milliseconds: 60_000,
  }),
  workers: field(
    wholeNumber(1),
    'serve by so many processes behind the one port, each with its own of --processes; 1 unless given',
    2,
  ),
  processes: field(
    wholeNumber(1),
    'questions that one database works on at once, each in a process of its own; 4 unless given',
    4,
  ),
  users: field(
    text,
    'a file, or the URL of a PostgreSQL, that has the users; SQLQ_USERS, or a file of your own, unless given',
    'postgres://sqlq@db.example.com/sqlq',
  ),
  registration: field(onOff, 'let anybody who reaches it make an account, who may ask and run', false),
  oidcIssuer: field(
    text,
    'let users sign in at this provider of OpenID Connect too',
    'https://login.example.com',
  ),
  oidcClientId: field(text, 'how the provider knows this service', 'sqlq'),
  oidcSecretFile: field(
    file,
    'the secret that goes with it; SQLQ_OIDC_SECRET unless given',
    '/etc/sqlq/oidc-secret',
  ),
  oidcName: field(text, 'what the page calls the provider', 'Example'),
  oidcRedirect: field(
    text,
    'the address of this service that the provider sends people back to; needed but on this machine alone',
    'https://sqlq.example.com',
  ),
  oidcDomains: field(texts, 'whose verified e-mail address is of one of these domains may ask and run', [
    'example.com',
  ]),
  oidcRole: field(oneByOne, "the roles of a provider's group, such as analysts=ask,run; may be repeated", [
    'analysts=ask,run',
  ]),
  auditKeyFile: field(
    file,
    'keep the audit log with the key in this file, without which nobody can write it anew',
    '/etc/sqlq/audit-key',
  ),
  tlsCert: field(
    file,
    'speak TLS, with this certificate and those that it rests on, as PEM',
    '/etc/sqlq/fullchain.pem',
  ),
  tlsKey: field(file, "the certificate's key, as PEM", '/etc/sqlq/privkey.pem'),
  drain: field(duration, 'wait so long for what runs when the server is to end; 30s unless given', 30_000),
  slowReader: field(
    duration,
    'give a reader of rows up that takes nothing for so long; 60s unless given',
    60_000,
  ),
  longestRead: field(
    duration,
    'how long rows may be read, of which --timeout counts what the database needs; 2h unless given',
    7_200_000,
  ),
  jobs: field(wholeNumber(1), 'jobs that run at once in each process; 2 unless given', 2),
  jobsWaiting: field(wholeNumber(1), 'jobs that may wait in each process; 50 unless given', 50),
  jobsOfUser: field(
    wholeNumber(1),
    'jobs that one user may have, with those that are done; 50 unless given',
    50,
  ),
  jobFolder: field(
    file,
    'where results of jobs lie; a folder that all instances reach where several share REDIS_URL, one of your own unless given',
    '/srv/sqlq/jobs',
  ),
  jobSize: field(size, 'the largest result that is kept of a job; 1GB unless given', 2 ** 30),
  jobAge: field(duration, 'how long a job and its result are kept; 24h unless given', 86_400_000),
};

/** The keys whose texts are names of files. */
export const serveFiles = ['oidcSecretFile', 'auditKeyFile', 'jobFolder', 'tlsCert', 'tlsKey'] as const;
