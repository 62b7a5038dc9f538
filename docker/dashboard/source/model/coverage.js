/** What each coverage state means to a person, and what would mend it. */

/** @type {Record<string, {label: string, kind: 'good' | 'pending' | 'expected' | 'gap', action: string}>} */
const states = {
  scanned: {label: 'Judged', kind: 'good', action: ''},
  waiting: {label: 'Scan under way', kind: 'pending', action: 'Nothing to do: the next collect sweep reads it.'},
  never_scanned: {
    label: 'Never scanned',
    kind: 'gap',
    action: "The next scan sweep starts it. If it stays, check the registry's scan filters and the daily scan quota.",
  },
  failed: {
    label: 'Failed',
    kind: 'gap',
    action:
      'Read the reason. ECR usually succeeds on the next scan; an image that keeps failing should be pushed again.',
  },
  unsupported: {
    label: 'Unsupported image',
    kind: 'expected',
    action: 'ECR cannot judge this operating system or image type. Rebuild on a supported base, or scan it elsewhere.',
  },
  archived: {label: 'Archived', kind: 'expected', action: 'Restore the image if it is still used, else delete it.'},
  expired_eligibility: {
    label: 'No longer watched',
    kind: 'gap',
    action: 'Inspector stopped watching the image. Lengthen the rescan duration, or delete what is not used.',
  },
  access_denied: {
    label: 'Access denied',
    kind: 'gap',
    action: 'Attach ops/iam/member-permissions.json to the member role and check its trust policy.',
  },
  region_off: {
    label: 'Region off',
    kind: 'expected',
    action: 'Switch the region on in the account, or leave it out with SCANFLEET_REGIONS.',
  },
  throttled: {
    label: 'Throttled',
    kind: 'gap',
    action:
      'AWS refused for want of quota; the next sweep tries again. If it stays, spread the sweeps or raise the quota.',
  },
  account_inactive: {
    label: 'Account inactive',
    kind: 'expected',
    action: 'Leave it out with SCANFLEET_EXCLUDE_ACCOUNTS, or reactivate the account.',
  },
  beyond_limit: {
    label: 'Beyond the limit',
    kind: 'gap',
    action:
      'Older images are not looked at: raise SCANFLEET_IMAGES_PER_REPOSITORY, or expire them by a lifecycle policy.',
  },
  out_of_scope: {
    label: 'Out of scope',
    kind: 'expected',
    action:
      'The settings leave it out, by the newest so many of a repository or by tag. Widen them if it should be judged.',
  },
};

/**
 * A state that a newer fleet made up is shown under its own word and taken for a gap.
 *
 * @param {string} state
 */
export const describe = (state) =>
  Object.hasOwn(states, state)
    ? states[state]
    : {label: state.replaceAll('_', ' '), kind: 'gap', action: 'Read the reason.'};

/**
 * The permission that a denial names, such as `ecr:DescribeRepositories`.
 *
 * @param {string} reason
 */
export function missingPermission(reason) {
  return reason.match(/\b(?:ecr|sts|inspector2|organizations|account):[A-Z][A-Za-z]+/)?.[0] ?? '';
}

/**
 * What would mend a gap.
 *
 * @param {string} state
 * @param {string} reason
 */
export function actionFor(state, reason) {
  const permission = state === 'access_denied' ? missingPermission(reason) : '';
  if (permission === 'sts:AssumeRole')
    return 'Create the member role in the account, or let its trust policy name the fleet (sts:AssumeRole).';
  if (permission) return `Allow ${permission} to the member role: ops/iam/member-permissions.json has it.`;
  return describe(state).action;
}

/**
 * What the same action mends has the same key, short enough for the address.
 *
 * @param {string} state
 * @param {string} reason
 */
export function actionKey(state, reason) {
  const permission = state === 'access_denied' ? missingPermission(reason) : '';
  return permission ? `${state}:${permission}` : state;
}

/**
 * Whether a whole place could not be looked into.
 *
 * @param {import('./types.js').Gap} gap
 */
export const isBlocked = (gap) => gap.level !== 'image' && !gap.isNumber && !gap.isRead;
