import type { Json, JsonObject } from '../json.ts';

export interface UserAlias {
  readonly alias_name: string;
  readonly alias_label: string;
}

export interface BrazeEvent {
  readonly name: string;
  readonly time: string;
  readonly properties: JsonObject;
}

export interface Purchase {
  readonly product_id: string;
  readonly currency: string;
  readonly price: number;
  readonly quantity: number;
  readonly time: string;
  readonly properties: JsonObject;
}

export interface CanvasEntry {
  readonly canvas_id: string;
  readonly dispatch_id: string;
  readonly context: JsonObject;
}

export interface CampaignSend {
  readonly campaign_id: string;
  readonly dispatch_id: string;
  readonly trigger_properties: JsonObject;
}

/** A profile as it can be read back. */
export interface Profile {
  readonly braze_id: string;
  readonly external_id?: string;
  readonly user_aliases: readonly UserAlias[];
  readonly created_at: string;
  /** The standard attributes that are set. */
  readonly attributes: JsonObject;
  readonly custom_attributes: JsonObject;
  /** State by subscription group id. */
  readonly subscription_groups: Readonly<Record<string, string>>;
  readonly events: readonly BrazeEvent[];
  readonly purchases: readonly Purchase[];
  readonly canvas_entries: readonly CanvasEntry[];
  readonly campaign_sends: readonly CampaignSend[];
}

/** A profile as the workspace holds it. Maps, since attribute names such as `__proto__` are somebody else's choice. */
export interface ProfileRecord {
  readonly braze_id: string;
  readonly created_at: string;
  external_id: string | undefined;
  user_aliases: UserAlias[];
  /** Grows with every update in the workspace, so that the most recently updated profile is known. */
  updated: number;
  readonly attributes: Map<string, Json>;
  readonly custom_attributes: Map<string, Json>;
  readonly subscription_groups: Map<string, string>;
  readonly events: BrazeEvent[];
  readonly purchases: Purchase[];
  readonly canvas_entries: CanvasEntry[];
  readonly campaign_sends: CampaignSend[];
}

export const toProfile = (record: ProfileRecord): Profile => ({
  braze_id: record.braze_id,
  ...(record.external_id === undefined ? {} : { external_id: record.external_id }),
  user_aliases: [...record.user_aliases],
  created_at: record.created_at,
  attributes: Object.fromEntries(record.attributes),
  custom_attributes: Object.fromEntries(record.custom_attributes),
  subscription_groups: Object.fromEntries(record.subscription_groups),
  events: [...record.events],
  purchases: [...record.purchases],
  canvas_entries: [...record.canvas_entries],
  campaign_sends: [...record.campaign_sends],
});
