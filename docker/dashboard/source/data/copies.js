/** @typedef {{cache: string, askedAt: number}} Answered how nginx came by an answer, and when it was asked */

/** Words by which nginx says that it asked the bucket for this very answer. */
const fromBucket = new Set(['', 'MISS', 'EXPIRED', 'REVALIDATED', 'BYPASS']);

/**
 * Whether a file may be older than the index beside it. The index is written last, so what nginx fetched after somebody
 * saw the index is as new; what it gives from its copies may be older for as long as it keeps them without asking.
 */
export class Copies {
  seenAt = 0;
  keptSeconds = 30;

  /** @param {Answered} answer */
  mayLag({cache, askedAt}) {
    if (cache === 'HIT') return askedAt < this.seenAt + this.keptSeconds * 1000;
    return cache === 'UPDATING' || (fromBucket.has(cache) && askedAt < this.seenAt);
  }
}

/**
 * Whether the server gave its copy because the bucket could not be asked.
 *
 * @param {{cache: string}} answer
 */
export const isKeptCopy = ({cache}) => cache === 'STALE';
