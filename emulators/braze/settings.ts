export const permissions = [
  'users.track',
  'users.export.ids',
  'users.identify',
  'users.alias.new',
  'users.merge',
  'canvas.trigger.send',
  'campaigns.trigger.send',
  'subscription.status.set',
] as const;
export type Permission = (typeof permissions)[number];

export type MessageStatus = 'active' | 'paused' | 'archived';

export interface Settings {
  /** What the key may do; default: everything. */
  readonly permissions: readonly Permission[];
  /** Objects a users/track request may hold, over the three arrays together. */
  readonly maxObjects: number;
  /** Customers on the legacy limit have `maxObjects` for each array. */
  readonly legacyLimit: boolean;
  /** users/track requests per three seconds. */
  readonly trackLimit: number;
  readonly blocklist: readonly string[];
  /** App identifiers of the workspace; undefined: any is taken. */
  readonly apps: readonly string[] | undefined;
  /** Braze's pages contradict each other on `_update_existing_only: false` beside an alias in events and purchases. */
  readonly aliasEventsCreate: boolean;
  /** Whether aliases_processed counts what was done or, as the counters of users/track, what was taken in. */
  readonly aliasCounts: 'done' | 'taken';
  readonly canvases: Readonly<Record<string, MessageStatus>>;
  readonly campaigns: Readonly<Record<string, MessageStatus>>;
}

export const defaults: Settings = {
  permissions,
  maxObjects: 75,
  legacyLimit: false,
  trackLimit: 3_000,
  blocklist: [],
  apps: undefined,
  aliasEventsCreate: false,
  aliasCounts: 'done',
  canvases: {},
  campaigns: {},
};
