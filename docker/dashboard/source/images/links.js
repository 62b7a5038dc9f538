import {href} from '../shell/router.js';

/**
 * The name of one image in the address.
 *
 * @param {{account: string, region: string}} registry
 * @param {string} repository
 * @param {string} digest
 */
export const imageName = (registry, repository, digest) =>
  `${registry.account}/${registry.region}/${repository}@${digest}`;

/**
 * @param {{account: string, region: string}} registry
 * @param {string} repository
 * @param {string} digest
 */
export const imageLink = (registry, repository, digest) =>
  href('images', {
    by: 'image',
    account: registry.account,
    region: registry.region,
    repository,
    image: imageName(registry, repository, digest),
  });

/** @param {string} name */
export function parseImageName(name) {
  const found = name.match(/^([^/]+)\/([^/]+)\/(.+)@([^@]+)$/);
  return found ? {account: found[1], region: found[2], repository: found[3], digest: found[4]} : null;
}
