import { duration } from '../../../config/settings/kind.ts';
import { parseRate, type Rate } from '../../../serve/limits/rate.ts';
import {
  choice,
  fileName,
  flag,
  grouped,
  list,
  type OptionsOf,
  parsed,
  repeated,
  text,
  wholeNumber,
} from '../../options/option.ts';
import {
  commonOptions,
  databaseOptions,
  modelOptions,
  rowOptions,
  usersOption,
} from '../../options/shared.ts';

const { limit, write, writeDdl, maxRowsScanned, maxCost, strict, doubts, memoryLimit, csvSafe } = rowOptions;

/** A host's name or its address, as it stands before a port. */
const host = parsed(
  '--host <address>',
  'the address to listen on; 127.0.0.1 unless given, which other machines do not reach',
  (text) => (/^[\w.:-]{1,253}$/u.test(text) ? text : null),
  'a host name or an IP address',
);

const port = parsed(
  '--port <number>',
  'the port to listen on; 8080 unless given, 0 for any that is free',
  (text) => (/^\d{1,5}$/u.test(text) && Number(text) <= 65_535 ? Number(text) : null),
  'a number from 0 to 65535',
);

const rate = <Words extends string>(words: Words, about: string) =>
  parsed(
    words,
    about,
    (text): Rate | 'none' | null => (text === 'none' ? text : parseRate(text)),
    'a number a second, minute or hour, such as 5/s, 60/m or 1000/h, or none',
  );

export const serveOptions = {
  ...grouped('Server', {
    databases: list(
      '--databases <names>',
      'databases of the settings that are served besides, or all; repeat or separate with commas',
    ),
    host,
    port,
    behindProxy: {
      ...parsed(
        '--behind-proxy [hops]',
        'a proxy stands before it that speaks TLS, or so many in a row; its word counts for where requests come from',
        (text) => (/^[1-9]$/u.test(text) ? Number(text) : null),
        'a number from 1 to 9',
      ),
      preset: '1',
    },
    metricsAddress: parsed(
      '--metrics-address <address>',
      'answer /metrics, /health and /ready there too, to anybody, such as 127.0.0.1:9464',
      (text) => (/^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/iu.test(text) ? text : null),
      'an address with a port',
    ),
    logLevel: choice(
      '--log-level <level>',
      'what is written of requests on standard output; info unless given',
      ['debug', 'info', 'warn', 'error', 'silent'],
    ),
    rateUser: rate('--rate-user <rate>', 'requests of one user, such as 60/m, or none; 300/m unless given'),
    rateAddress: rate(
      '--rate-address <rate>',
      'requests from one address, whoever makes them, or none; 3000/m unless given',
    ),
    processes: wholeNumber(
      '--processes <number>',
      'questions that one database works on at once, each in a process of its own; 4 unless given',
    ),
    users: usersOption,
    registration: flag('--registration', 'let anybody who reaches it make an account, who may ask and run'),
    oidcIssuer: text('--oidc-issuer <url>', 'let users sign in at this provider of OpenID Connect too'),
    oidcClientId: text('--oidc-client-id <id>', 'how the provider knows this service'),
    oidcSecretFile: fileName(
      '--oidc-secret-file <file>',
      'the secret that goes with it; SQLQ_OIDC_SECRET unless given',
    ),
    oidcName: text('--oidc-name <name>', 'what the page calls the provider'),
    oidcDomains: list(
      '--oidc-domains <names>',
      'whose verified e-mail address is of one of these domains may ask and run',
    ),
    oidcRole: repeated(
      '--oidc-role <group=roles>',
      "the roles of a provider's group, such as analysts=ask,run; may be repeated",
    ),
    auditKeyFile: fileName(
      '--audit-key-file <file>',
      'keep the audit log with the key in this file, without which nobody can write it anew',
    ),
    workers: wholeNumber(
      '--workers <number>',
      'serve by so many processes behind the one port, each with its own of --processes; 1 unless given',
    ),
    tlsCert: fileName(
      '--tls-cert <file>',
      'speak TLS, with this certificate and those that it rests on, as PEM',
    ),
    tlsKey: fileName('--tls-key <file>', "the certificate's key, as PEM"),
    drain: parsed(
      '--drain <duration>',
      'wait so long for what runs when the server is to end; 30s unless given',
      duration.read,
      duration.wanted,
    ),
    config: fileName('--config <file>', 'read the settings of this file instead of your own'),
  }),
  ...databaseOptions,
  ...modelOptions,
  limit,
  write,
  writeDdl,
  maxRowsScanned,
  maxCost,
  strict,
  doubts,
  memoryLimit,
  csvSafe,
  ...commonOptions,
};

export type ServeOptions = OptionsOf<typeof serveOptions>;
