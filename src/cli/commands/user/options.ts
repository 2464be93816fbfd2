import { serveFields } from '../../../config/settings/serve-fields.ts';
import { parseExpiry } from '../../../serve/accounts/expiry.ts';
import { type Role, roles } from '../../../serve/caller.ts';
import { flag, list, type OptionDefinition, type OptionsOf, parsed, text } from '../../options/option.ts';
import { commonOptions, configOption, fieldOption, jsonOption, usersOption } from '../../options/shared.ts';

const ofUsers = { users: usersOption, config: configOption, ...commonOptions };
/** Changes are written down as the server does it. */
const ofChanges = {
  auditKeyFile: fieldOption('--audit-key-file <file>', serveFields.auditKeyFile),
  ...ofUsers,
};

const rolesOption = (about: string): OptionDefinition<readonly Role[]> =>
  parsed(
    '--roles <names>',
    about,
    (part) => {
      const names = part.split(',').map((name) => name.trim());
      const known = roles.filter((role) => names.includes(role));
      return known.length === new Set(names).size ? known : null;
    },
    `some of ${roles.join(', ')}, with commas`,
  );

/** A number, or null for `none`. */
function orNone(
  flags: string,
  description: string,
  pattern: RegExp,
  wanted: string,
): OptionDefinition<number | 'none'> {
  return parsed(
    flags,
    `${description}; none takes it away`,
    (part) => (part === 'none' ? 'none' : pattern.test(part) ? Number(part) : null),
    `${wanted}, or none`,
  );
}

const rights = {
  roles: rolesOption('what they may: ask, run, write, admin; ask,run for a new user unless given'),
  databases: list('--databases <names>', 'the databases that they may ask, or all'),
  profiles: list('--profiles <names>', 'the models that they may ask, by profile, or all'),
  hide: list('--hide <patterns>', 'columns that are hidden from them besides those of the settings, or none'),
  rowLimit: orNone(
    '--row-limit <number>',
    'the most rows that they are given',
    /^[1-9]\d{0,14}$/u,
    'a whole number from 1 up',
  ),
  dollars: orNone(
    '--dollars <amount>',
    'what they may spend on models a day',
    /^\d{1,9}(?:\.\d+)?$/u,
    'an amount',
  ),
};

export const plainOptions = ofChanges;
export const rightsOptions = { ...rights, ...ofChanges };
export const listOptions = { ...jsonOption, ...ofUsers };
export const tokenOptions = {
  name: text('--name <name>', 'what the token is for'),
  roles: rolesOption("some of the user's roles; all of them unless given"),
  expires: parsed(
    '--expires <time>',
    'when it ends: after 12h, 90d or 8w, or on a day such as 2027-01-31; never unless given',
    parseExpiry,
    'a time such as 90d, or a day such as 2027-01-31',
  ),
  list: flag('--list', 'list the tokens of the user instead'),
  revoke: text('--revoke <id>', 'take a token back instead, or all'),
  ...jsonOption,
  ...ofChanges,
};

export type PlainOptions = OptionsOf<typeof plainOptions>;
export type RightsOptions = OptionsOf<typeof rightsOptions>;
export type ListOptions = OptionsOf<typeof listOptions>;
export type TokenOptions = OptionsOf<typeof tokenOptions>;
