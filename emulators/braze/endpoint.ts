import type { JsonObject } from '../json.ts';
import type { Permission, Settings } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** A value that Braze would take without a word and not keep. */
export interface Dropped {
  /** Where in the request, e.g. `attributes.0.time_zone`. */
  readonly path: string;
  readonly why: string;
}

export type Drop = (path: string, why: string) => void;

/** A fault makes an endpoint refuse objects that are right. */
export type Refusing = 'nothing' | 'first' | 'all';

export interface Call {
  readonly body: JsonObject;
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly now: number;
  readonly drop: Drop;
  readonly refusing: Refusing;
}

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Rate {
  /** Endpoints that name the same pool use up one limit. */
  readonly pool: 'users/track' | 'users/export/ids' | 'user management' | 'subscriptions' | 'shared';
  readonly limit: number;
  readonly perMs: number;
}

export interface Endpoint {
  readonly permission: Permission;
  readonly rate: Rate;
  answer(call: Call): Reply;
}

export const USER_MANAGEMENT: Rate = { pool: 'user management', limit: 20_000, perMs: 60_000 };
export const SUBSCRIPTIONS: Rate = { pool: 'subscriptions', limit: 5_000, perMs: 60_000 };
/** Endpoints without a limit of their own. */
export const SHARED: Rate = { pool: 'shared', limit: 250_000, perMs: 3_600_000 };
