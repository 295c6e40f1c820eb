import { readFileSync } from 'node:fs';
import { renderBrazeLiquid } from '../../../emulators/braze/liquid.ts';
import { parseIdentityTokens, verifyIdentityTokens } from '../../../lib/entry/identity-token.ts';

const SECRET = 'the link secret of the sandbox stage';
const DAY_MS = 86_400_000;

test.each([
  ["{{'hey' | hmac_sha256_hex: 'secret_key'}}", '8df897f8da3d7992fe57c8dbc6f27578cfbf2dcc4d0fbb4000b8c924841d508e'],
  ["{{'hey' | hmac_sha256_base64: 'secret_key'}}", 'jfiX+No9eZL+V8jbxvJ1eM+/LcxND7tAALjJJIQdUI4='],
  ["{{'hey' | hmac_sha1_hex: 'secret_key'}}", '2a3969bed25bfeefb00aca4063eb9590b4df8f0e'],
  ["{{'hey' | hmac_sha1_base64: 'secret_key'}}", 'KjlpvtJb/u+wCspAY+uVkLTfjw4='],
  ["{{'hey<>hi' | url_escape}}", 'hey%3C%3Ehi'],
  ["{{'hey<&>hi' | url_param_escape}}", 'hey%3C%26%3Ehi'],
  ["{{'google search' | url_encode}}", 'google+search'],
  [`Hi {{\${first_name} | default: "there"}}, tier {{custom_attribute.\${loyalty tier}}}!`, 'Hi Ann, tier gold!'],
])('%s is rendered as on Braze’s page', async (template, text) => {
  const person = { user_id: 'u1', first_name: 'Ann', custom_attributes: { 'loyalty tier': 'gold' } };
  expect(await renderBrazeLiquid(template, person)).toBe(text);
});

test('an unknown filter is an error', async () => {
  await expect(renderBrazeLiquid("{{'a' | no_such_filter}}", { user_id: 'u1' })).rejects.toThrow('no_such_filter');
});

describe('the snippet of the guide', () => {
  const snippet = readFileSync('docs/liquid/signed-link.liquid', 'utf8');
  const withSecret = snippet.replace(/(assign link_secret = )"[^"]*"/, `$1"${SECRET}"`);
  const linkFor = async (user_id: string) => {
    const message = await renderBrazeLiquid(withSecret, { user_id });
    return /href="([^"]*)"/.exec(message)?.[1] ?? '';
  };

  test.each(['customer-20417', 'a.b.c', 'auth0|5f', 'zoë@example.com', '50% off & more', '漢字?#='])(
    'makes a link that proves %s for a week',
    async (id) => {
      const link = await linkFor(id);
      const now = Date.now();
      expect(URL.canParse(link)).toBe(true);
      expect(verifyIdentityTokens(parseIdentityTokens(link), [SECRET], now)).toBe(id);
      expect(verifyIdentityTokens(parseIdentityTokens(link), [SECRET], now + 6.9 * DAY_MS)).toBe(id);
      expect(verifyIdentityTokens(parseIdentityTokens(link), [SECRET], now + 7.1 * DAY_MS)).toBeUndefined();
    },
  );

  test('stands in docs/trust.md as in its file', () => {
    const [, inGuide = ''] = /```liquid\n(.*?)```/s.exec(readFileSync('docs/trust.md', 'utf8')) ?? [];
    expect(inGuide.replace(/^ {3}/gm, '').trim()).toBe(snippet.trim());
  });

  test('proves nothing for a person without an external id', async () => {
    expect(verifyIdentityTokens(parseIdentityTokens(await linkFor('')), [SECRET], Date.now())).toBeUndefined();
  });

  test('holds no secret until somebody puts one in', () => {
    expect(snippet).toContain('"REPLACE: the value of the parameter link_secret"');
  });
});
