import type { ProfileRecord } from './profile.ts';
import type { Workspace } from './workspace.ts';

const fill = <T>(target: Map<string, T>, source: ReadonlyMap<string, T>): void => {
  for (const [key, value] of source) if (!target.has(key)) target.set(key, value);
};

/** Gives the target what it lacks and deletes the source. */
export const mergeInto = (workspace: Workspace, target: ProfileRecord, source: ProfileRecord): void => {
  fill(target.attributes, source.attributes);
  fill(target.custom_attributes, source.custom_attributes);
  fill(target.subscription_groups, source.subscription_groups);
  for (const alias of source.user_aliases) {
    if (!target.user_aliases.some(({ alias_label }) => alias_label === alias.alias_label)) {
      target.user_aliases.push(alias);
    }
  }
  target.events.push(...source.events);
  target.purchases.push(...source.purchases);
  target.canvas_entries.push(...source.canvas_entries);
  target.campaign_sends.push(...source.campaign_sends);
  workspace.delete(source);
  workspace.touch(target);
};
