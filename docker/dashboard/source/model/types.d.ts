// The report's files as Sources/Reporting writes them, and what the views make of them. A file that an older aggregator
// wrote lacks newer members, so everything that came later is optional.

export interface Obstacle {
  state: string;
  reason: string | null;
  at: string | null;
}

export interface Tally {
  images: number;
  judged: number;
  coverage: Record<string, number>;
  findings: Record<string, number>;
}

export interface GapFile extends Obstacle {
  digest: string;
  tags: string[];
}

export interface RepositoryFile extends Tally {
  name: string;
  images_beyond_limit: number;
  images_out_of_scope?: number;
  obstacle: Obstacle | null;
  /** Why its scans could not be started, though it was read. */
  scan_obstacle?: Obstacle | null;
  not_judged: GapFile[];
}

export interface RegionFile extends Tally {
  region: string;
  file: string;
  scan_type: string | null;
  obstacle: Obstacle | null;
  repositories: RepositoryFile[];
}

export interface AccountFile extends Tally {
  id: string;
  name: string;
  state: string;
  obstacle: Obstacle | null;
  regions: RegionFile[];
}

export interface SweepFile {
  id: string;
  kind: string | null;
  total: number;
  done: number;
  dead: number;
  cancelled: number;
  complete: boolean;
  completed_at: string | null;
}

export interface IndexFile extends Tally {
  organization: string;
  generated_at: string;
  sweeps: SweepFile[];
  accounts: AccountFile[];
  vulnerabilities: number;
  obstacles: number;
  newest_critical?: NewestFile[];
}

export interface NewestFile {
  id: string;
  first_seen: string | null;
  images: number;
  packages: string[];
  title: string | null;
}

export interface NewestCritical {
  id: string;
  firstSeen: number | null;
  images: number;
  packages: string[];
  title: string;
}

/** Findings by severity: critical, high, medium, low, other. */
export type Counts = [number, number, number, number, number];

interface InAccount {
  account: string;
  accountName: string;
}

interface InRegistry extends InAccount {
  region: string;
}

export interface Account extends InAccount {
  state: string;
  images: number;
  judged: number;
  counts: Counts;
  obstacle: Obstacle | null;
  /** What stands in the way of its registries and repositories. */
  obstacles: Obstacle[];
  regions: number;
  text: string;
}

export interface Registry extends InRegistry {
  file: string;
  images: number;
  judged: number;
  counts: Counts;
  obstacle: Obstacle | null;
  /** What stands in the way of its repositories. */
  obstacles: Obstacle[];
}

export interface Repository extends InRegistry {
  file: string;
  images: number;
  obstacle: Obstacle | null;
  name: string;
  judged: number;
  counts: Counts;
  text: string;
}

export interface Gap extends InRegistry {
  key: string;
  level: 'account' | 'region' | 'repository' | 'image';
  repository: string;
  digest: string;
  tags: string[];
  state: string;
  reason: string;
  at: number | null;
  images: number;
  /** Only the number of such images is known, not which they are. */
  isNumber: boolean;
  /** The place was read; only its scans could not be started. */
  isRead: boolean;
  text: string;
}

export interface Index {
  organization: string;
  generatedAt: number;
  /** When the newest complete collect sweep ended: how old the data is, however new the file; null in older reports. */
  collectedAt: number | null;
  /** What the index itself says of the newest criticals; null in older reports. */
  newest: NewestCritical[] | null;
  sweeps: SweepFile[];
  accounts: Account[];
  registries: Registry[];
  repositories: Repository[];
  gaps: Gap[];
  images: number;
  judged: number;
  counts: Counts;
  coverage: Record<string, number>;
  vulnerabilities: number;
  byFile: Map<string, Registry>;
}

export interface Vulnerability {
  id: string;
  severity: string;
  level: number;
  images: number;
  title: string;
  description: string;
  link: string;
  attributes: [string, string][];
  /** Place in `registries`, and the images there; null where an older report does not say. */
  places: [number, number][] | null;
  packages: string[];
  fixable: number | null;
  firstSeen: number | null;
  score: number | null;
  text: string;
}

/** A vulnerability with the images that it has in the chosen places. */
export interface VulnerabilityRow {
  entry: Vulnerability;
  images: number;
}

export interface Vulnerabilities {
  generatedAt: number;
  registries: string[];
  list: Vulnerability[];
  byId: Map<string, Vulnerability>;
}

export interface Day {
  day: string;
  images: Record<string, number>;
  findings: Record<string, number>;
  vulnerabilities: number;
  opened: number;
  resolved: number;
  time_to_fix: {count: number; seconds: number};
}

export interface ImageSummary {
  repository: string;
  digest: string;
  tags: string[];
  pushed: number | null;
  state: string;
  reason: string;
  at: number | null;
  counts: Counts;
  fixable: number;
}

export interface Image extends ImageSummary, InRegistry {
  file: string;
  text: string;
}

export interface Finding {
  id: string;
  severity: string;
  level: number;
  package: string;
  version: string;
  fixed: string | null;
  score: number | null;
  since: number | null;
}

/** What `/v1/queue` tells of a sweep. */
export interface Sweep {
  id: string;
  total: number;
  done: number;
  dead: number;
  cancelled: number;
  retried?: number;
  recovered?: number;
  closed?: boolean;
  /** Seconds since 1970, as the other times here; older coordinators do not tell. */
  opened_at?: number;
  completed_at: number | null;
}

/** What `/v1/queue` answers, and when it did. */
export interface Queue {
  ready: number;
  due: number;
  in_flight: number;
  delayed: number;
  suspect: number;
  dead: number;
  backlog: number;
  desired_workers: number;
  oldest_ready_seconds: number;
  sweeps: Sweep[];
  readAt: number;
}
