import { serveFields } from '../../../config/settings/serve-fields.ts';
import { grouped, type OptionsOf } from '../../options/option.ts';
import {
  commonOptions,
  configOption,
  databaseOptions,
  fieldOption,
  modelOptions,
  rowOptions,
} from '../../options/shared.ts';

const { limit, write, writeDdl, maxRowsScanned, maxCost, strict, doubts, memoryLimit, csvSafe } = rowOptions;

export const serveOptions = {
  ...grouped('Server', {
    databases: fieldOption('--databases <names>', serveFields.databases),
    host: fieldOption('--host <address>', serveFields.host),
    port: fieldOption('--port <number>', serveFields.port),
    behindProxy: { ...fieldOption('--behind-proxy [hops]', serveFields.behindProxy), preset: '1' },
    metricsAddress: fieldOption('--metrics-address <address>', serveFields.metricsAddress),
    logLevel: fieldOption('--log-level <level>', serveFields.logLevel),
    rateUser: fieldOption('--rate-user <rate>', serveFields.rateUser),
    rateAddress: fieldOption('--rate-address <rate>', serveFields.rateAddress),
    processes: fieldOption('--processes <number>', serveFields.processes),
    users: fieldOption('--users <place>', serveFields.users),
    registration: fieldOption('--registration', serveFields.registration),
    oidcIssuer: fieldOption('--oidc-issuer <url>', serveFields.oidcIssuer),
    oidcClientId: fieldOption('--oidc-client-id <id>', serveFields.oidcClientId),
    oidcSecretFile: fieldOption('--oidc-secret-file <file>', serveFields.oidcSecretFile),
    oidcName: fieldOption('--oidc-name <name>', serveFields.oidcName),
    oidcRedirect: fieldOption('--oidc-redirect <url>', serveFields.oidcRedirect),
    oidcDomains: fieldOption('--oidc-domains <names>', serveFields.oidcDomains),
    oidcRole: fieldOption('--oidc-role <group=roles>', serveFields.oidcRole),
    auditKeyFile: fieldOption('--audit-key-file <file>', serveFields.auditKeyFile),
    workers: fieldOption('--workers <number>', serveFields.workers),
    tlsCert: fieldOption('--tls-cert <file>', serveFields.tlsCert),
    tlsKey: fieldOption('--tls-key <file>', serveFields.tlsKey),
    drain: fieldOption('--drain <duration>', serveFields.drain),
    slowReader: fieldOption('--slow-reader <duration>', serveFields.slowReader),
    longestRead: fieldOption('--longest-read <duration>', serveFields.longestRead),
    jobs: fieldOption('--jobs <number>', serveFields.jobs),
    jobsWaiting: fieldOption('--jobs-waiting <number>', serveFields.jobsWaiting),
    jobsOfUser: fieldOption('--jobs-of-user <number>', serveFields.jobsOfUser),
    jobFolder: fieldOption('--job-folder <folder>', serveFields.jobFolder),
    jobSize: fieldOption('--job-size <size>', serveFields.jobSize),
    jobAge: fieldOption('--job-age <duration>', serveFields.jobAge),
    config: configOption,
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
