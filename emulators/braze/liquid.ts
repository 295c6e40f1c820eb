import { createHmac } from 'node:crypto';
import { Liquid } from 'liquidjs';

/** What a message can say about a person: profile fields and custom attributes. */
export interface LiquidProfile {
  readonly user_id: string;
  readonly [field: string]: unknown;
  readonly custom_attributes?: { readonly [name: string]: unknown };
}

const engine = new Liquid({ strictFilters: true });

// https://www.braze.com/docs/user_guide/personalization_and_dynamic_content/liquid/advanced_filters/
for (const algorithm of ['sha1', 'sha256']) {
  for (const encoding of ['hex', 'base64'] as const) {
    engine.registerFilter(`hmac_${algorithm}_${encoding}`, (text: unknown, secret: unknown) =>
      createHmac(algorithm, String(secret)).update(String(text)).digest(encoding),
    );
  }
}
engine.registerFilter('url_escape', (text: unknown) => encodeURI(String(text)));
engine.registerFilter('url_param_escape', (text: unknown) => encodeURIComponent(String(text)));

/** Renders a message as Braze does, whose Liquid writes `${first_name}` and `custom_attribute.${tier}` for a person's data. */
export const renderBrazeLiquid = async (template: string, profile: LiquidProfile): Promise<string> => {
  const standard = template.replace(
    /(custom_attribute\.)?\$\{([^}]+)\}/g,
    (_, custom: string | undefined, name: string) =>
      custom === undefined ? `profile["${name}"]` : `custom_attribute["${name}"]`,
  );
  return String(await engine.parseAndRender(standard, { profile, custom_attribute: profile.custom_attributes ?? {} }));
};
