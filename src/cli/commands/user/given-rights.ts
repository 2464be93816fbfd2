import type { GivenRights } from '../../../serve/accounts/user.ts';
import type { RightsOptions } from './options.ts';

/** What options say of a user's rights; what they do not say is absent. */
export function givenRights({
  roles,
  databases,
  profiles,
  hide,
  rowLimit,
  dollars,
}: RightsOptions): GivenRights {
  return {
    roles,
    databases: allOr(databases),
    profiles: allOr(profiles),
    hide: hide?.length === 1 && hide[0] === 'none' ? [] : hide,
    rowLimit: rowLimit === 'none' ? null : rowLimit,
    dollars: dollars === 'none' ? null : dollars,
  };
}

function allOr(names: readonly string[] | undefined): readonly string[] | null | undefined {
  return names?.length === 1 && names[0] === 'all' ? null : names;
}
