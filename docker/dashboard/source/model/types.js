/**
 * The report's files as `Sources/Reporting` writes them, and what the views make of them. A file that an older aggregator
 * wrote lacks newer members, so everything that came later is optional.
 *
 * @typedef {{state: string, reason: string | null, at: string | null}} Obstacle
 * @typedef {{images: number, judged: number, coverage: Record<string, number>, findings: Record<string, number>}} Tally
 * @typedef {Obstacle & {digest: string, tags: string[]}} GapFile
 * @typedef {Tally & {name: string, images_beyond_limit: number, obstacle: Obstacle | null, not_judged: GapFile[]}} RepositoryFile
 * @typedef {Tally & {region: string, file: string, scan_type: string | null, obstacle: Obstacle | null, repositories: RepositoryFile[]}} RegionFile
 * @typedef {Tally & {id: string, name: string, state: string, obstacle: Obstacle | null, regions: RegionFile[]}} AccountFile
 * @typedef {{id: string, kind: string | null, total: number, done: number, dead: number, cancelled: number, complete: boolean, completed_at: string | null}} SweepFile
 * @typedef {Tally & {organization: string, generated_at: string, sweeps: SweepFile[], accounts: AccountFile[], vulnerabilities: number, obstacles: number}} IndexFile
 *
 * Findings by severity: critical, high, medium, low, other.
 * @typedef {[number, number, number, number, number]} Counts
 *
 * @typedef {{account: string, accountName: string, region: string, file: string, images: number, obstacle: Obstacle | null}} Registry
 * @typedef {{account: string, accountName: string, region: string, file: string, name: string, images: number, judged: number,
 *   counts: Counts, obstacle: Obstacle | null, text: string}} Repository
 * @typedef {{key: string, level: 'account' | 'region' | 'repository' | 'image', account: string, accountName: string,
 *   region: string, repository: string, digest: string, tags: string[], state: string, reason: string, at: number | null,
 *   images: number, text: string}} Gap
 * @typedef {{account: string, accountName: string, state: string, images: number, judged: number, counts: Counts,
 *   obstacle: Obstacle | null, regions: number, text: string}} Account
 * @typedef {{organization: string, generatedAt: number, sweeps: SweepFile[], accounts: Account[], registries: Registry[],
 *   repositories: Repository[], gaps: Gap[], images: number, judged: number, counts: Counts,
 *   coverage: Record<string, number>, vulnerabilities: number, byFile: Map<string, Registry>}} Index
 *
 * @typedef {{id: string, severity: string, level: number, images: number, title: string, description: string, link: string,
 *   attributes: [string, string][], places: [number, number][] | null, packages: string[], fixable: number | null,
 *   firstSeen: number | null, score: number | null, text: string}} Vulnerability
 * @typedef {{generatedAt: number, registries: string[], list: Vulnerability[], byId: Map<string, Vulnerability>}} Vulnerabilities
 *
 * @typedef {{day: string, images: Record<string, number>, findings: Record<string, number>, vulnerabilities: number,
 *   opened: number, resolved: number, time_to_fix: {count: number, seconds: number}}} Day
 *
 * @typedef {{repository: string, digest: string, tags: string[], pushed: number | null, state: string, reason: string,
 *   at: number | null, counts: Counts, fixable: number}} ImageSummary
 * @typedef {ImageSummary & {account: string, accountName: string, region: string, file: string, text: string}} Image
 * @typedef {{id: string, severity: string, level: number, package: string, version: string, fixed: string | null, score: number | null}} Finding
 */
export {};
