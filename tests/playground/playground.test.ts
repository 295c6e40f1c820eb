/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { parseFragment } from '../../playground/state.ts';
import { describeInBrowser, type Playground, startPlayground } from '../support/playground.ts';

const SCREENSHOT = 'docs/images/playground.png';

/** The use case of Braze's partner page, as a designer writes it. */
const PARTNER_PAGE = `{
  "node": "track-user",
  "external_id": "{CUSTOMER_ID}",
  "email": "{EMAIL}",
  "attributes": {
    "first_name": "{FIRST_NAME}",
    "dob": "{DATE_OF_BIRTH}",
    "home_city": "{CITY}"
  },
  "event": {
    "name": "conversation_started",
    "properties": {
      "flow": "summer_sale"
    }
  }
}`;

let playground: Playground;

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const editor = (page: Page) => page.getByRole('textbox', { name: 'Parameter Input' });
const choose = (page: Page, label: string, option: string) =>
  page.getByRole('combobox', { name: label }).selectOption(option);

/** Replaces the whole Parameter Input, as pasting does. */
const write = async (page: Page, input: string) => {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(input);
};

const toFragmentOf = (state: object): string => `#${Buffer.from(JSON.stringify(state)).toString('base64url')}`;

const outcome = (page: Page, word: string) => region(page, 'Answer').getByText(word, { exact: true }).waitFor();

describeInBrowser('the playground', () => {
  beforeAll(async () => {
    playground = await startPlayground();
  });
  afterAll(() => playground.close());

  test('shows the partner page’s use case at once, and asks nothing of any network', async () => {
    const { page, requests, errors } = await playground.open();
    await outcome(page, 'sent');
    await expect(region(page, 'Cleaned').textContent()).resolves.toContain('Ada.Lovelace@Example.COM');
    await expect(region(page, 'Request').textContent()).resolves.toContain('"email": "ada.lovelace@example.com"');
    await expect(region(page, 'Profile').textContent()).resolves.toContain('"dob": "1985-12-10"');
    await expect(region(page, 'Branch').textContent()).resolves.toContain('success is true');
    const regions = ['Cleaned', 'Unusable fields', 'Request', 'Profile', 'Answer', 'Branch', 'Design Studio'];
    for (const name of regions) await expect(page.getByRole('region', { name }).count()).resolves.toBe(1);
    expect(requests).toEqual([playground.url]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a designer builds the partner page’s use case, sees what is wrong with an answer, lives through an outage, and copies the columns', async () => {
    const { page, requests, errors } = await playground.open('', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const fill = (name: string, value: string) => page.getByRole('textbox', { name, exact: true }).fill(value);
    const textOf = (name: string) => region(page, name).textContent();
    await choose(page, 'Node', 'track-user');
    await write(page, PARTNER_PAGE);
    await fill('CUSTOMER_ID', 'customer-7');
    await fill('EMAIL', ' Grace@Example.COM ');
    await fill('FIRST_NAME', 'Grace');
    await fill('CITY', 'None');
    await fill('DATE_OF_BIRTH', '31 February 1990');
    await outcome(page, 'partial');
    await expect(textOf('Unusable fields')).resolves.toContain(
      'attributes.dob: It is not a date, or there is no such day.Usable: for example 1980-12-21',
    );
    await expect(textOf('Cleaned')).resolves.toContain('attributes.dob31 February 1990unusable');
    await expect(textOf('Cleaned')).resolves.toContain('attributes.home_cityNoneabsent');

    await fill('DATE_OF_BIRTH', '9 December 1986');
    await outcome(page, 'sent');
    await expect(textOf('Unusable fields')).resolves.toContain('None.');

    await choose(page, 'Braze', 'down');
    await outcome(page, 'queued');
    await expect(textOf('Request')).resolves.toContain('Braze answered: nothing, it cannot be reached');
    await expect(textOf('Profile')).resolves.not.toContain('Grace');

    await page.getByRole('button', { name: 'Braze is back' }).click();
    await region(page, 'Answer').getByText('what waited was sent').waitFor();
    await expect(textOf('Request')).resolves.toContain('Braze answered: 201');
    await expect(textOf('Profile')).resolves.toContain('"dob": "1986-12-09"');

    await fill('What Next?', 'true~Thank you|error~Go on');
    await region(page, 'Branch').getByText('No route for false.').waitFor();
    await fill('What Next?', 'true~Thank you|error~Go on|false~Go on');
    await region(page, 'Branch').getByText('“Thank you”').waitFor();
    await expect(textOf('Answer')).resolves.toContain('what waited was sent');
    for (const [column, text] of [
      ['Command', 'BrazeNode'],
      ['Parameter Input', PARTNER_PAGE],
      ['Output', 'success, outcome, BRAZE_INVALID_FIELDS'],
      ['Decision Variable', 'success'],
      ['What Next?', 'true~Thank you|error~Go on|false~Go on'],
      ['Variable', 'BRAZE_INVALID_FIELDS'],
    ] as const) {
      await region(page, 'Design Studio')
        .getByRole('button', { name: `Copy ${column}`, exact: true })
        .click();
      await page.getByRole('status').getByText(`Copied: ${column}.`, { exact: true }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    }
    expect(requests).toEqual([playground.url]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('shows the first result within a second', async () => {
    const { page } = await playground.open();
    await page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        if (document.querySelector('.answer dd') !== null) performance.mark('first result');
      });
      observer.observe(document, { childList: true, subtree: true });
    });
    const times: number[] = [];
    // The best of several: another program can delay each of them, and none can make one faster.
    while (times.length < 10 && !(Math.min(...times) < 1_000)) {
      await page.reload();
      await region(page, 'Answer').waitFor();
      times.push(await page.evaluate(() => performance.getEntriesByName('first result')[0]?.startTime ?? Infinity));
    }
    expect(Math.min(...times)).toBeLessThan(1_000);
    await page.context().close();
  });

  test('answers the recipe of every node', async () => {
    const { page, errors } = await playground.open();
    const names = await page.getByRole('combobox', { name: 'Node' }).locator('option').allTextContents();
    expect(names).toEqual(expect.arrayContaining(['track-user', 'track-event', 'get-profile', 'trigger-canvas']));
    for (const name of names) {
      await choose(page, 'Node', name);
      await region(page, 'Branch').getByText(name, { exact: true }).waitFor();
      await expect(region(page, 'Unusable fields').textContent()).resolves.toContain('None.');
      await region(page, 'Branch').filter({ hasText: 'success is true' }).waitFor();
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['well', 'sent'],
    ['down', 'queued'],
    ['slow', 'sent'],
    ['hanging', 'in_doubt'],
    ['wrong key', 'misconfigured'],
    ['429', 'queued'],
    ['refuses a part', 'partial'],
    ['after processing', 'in_doubt'],
  ])('with Braze %s, track-user answers %s', async (braze, expected) => {
    const { page, errors } = await playground.open();
    await choose(page, 'Braze', braze);
    await outcome(page, expected);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('says of an answer that cannot be used why, and what could be', async () => {
    const { page } = await playground.open();
    await page.getByRole('textbox', { name: 'DATE_OF_BIRTH', exact: true }).fill('03/04/1980');
    await outcome(page, 'partial');
    const text = await region(page, 'Unusable fields').textContent();
    expect(text).toContain('attributes.dob: The day could be the month, and the stage sets no DATE_ORDER.');
    expect(text).toContain('21 Dec 1980');
    await choose(page, 'Date order', 'DMY');
    await outcome(page, 'sent');
    await expect(region(page, 'Request').textContent()).resolves.toContain('1980-04-03');
    await page.context().close();
  });

  test('a signed link proves whose conversation it is, and nothing else does', async () => {
    const { page } = await playground.open();
    await write(page, '{"signed_id":"page","require_verified":"true","attributes":{"first_name":"Ada"}}');
    await outcome(page, 'unverified');
    await page.getByRole('textbox', { name: 'Opened by the signed link of' }).fill('customer-20417');
    await outcome(page, 'sent');
    await outcome(page, 'verified');
    await expect(region(page, 'Request').textContent()).resolves.toContain('"external_id": "customer-20417"');
    await page.context().close();
  });

  test('a variable that was never filled is absent', async () => {
    const { page } = await playground.open();
    await page.getByRole('checkbox', { name: 'CUSTOMER_ID was never filled' }).check();
    await outcome(page, 'invalid');
    await expect(region(page, 'Request').textContent()).resolves.toContain('Nothing is sent to Braze.');
    await page.context().close();
  });

  test.each([
    ['{"external_id": "u1", "zodiac": "leo"}', 'The node does not know this key.'],
    [
      '{"external_id": "u1", "attributes": {"email_subscribe": "yes"}}',
      'This takes: string or null (opted_in, subscribed, unsubscribed).',
    ],
    [
      '{"event": {"name": "asked"}}',
      'One of these keys must be there: signed_id, external_id, user_alias, braze_id, email, phone.',
    ],
  ])('the editor says in words what is wrong with %s', async (input, problem) => {
    const { page } = await playground.open();
    await write(page, input);
    await page.keyboard.press('ControlOrMeta+Shift+M');
    await page.getByRole('option', { name: problem }).waitFor();
    await page.context().close();
  });

  test('the editor completes the keys of the node', async () => {
    const { page } = await playground.open();
    await write(page, '{"ev"');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete').getByText('events').waitFor();
    await page.context().close();
  });

  test('the editor explains a key under the pointer', async () => {
    const { page } = await playground.open();
    const key = editor(page).getByText('"email"');
    const box = await key.boundingBox();
    if (box === null) throw new Error('The key is not on the page.');
    // The pointer must move within the word: the tooltip belongs to a pointer that has come to rest.
    await page.mouse.move(box.x + 2, box.y + 2);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    const tooltip = page.locator('.cm-tooltip-hover');
    await tooltip.getByText('attributes.email: string or null (for example Ada@Example.com)').waitFor();
    await page.context().close();
  });

  test('somebody who types faster than the page follows gets what they typed', async () => {
    const { page } = await playground.open();
    await write(page, ' ');
    await page.keyboard.type('{"external_id": "u1", "attributes": {"plan": "gold"}}');
    await outcome(page, 'sent');
    await region(page, 'Request').getByText('"plan": "gold"').waitFor();
    await expect(editor(page).textContent()).resolves.toBe(' {"external_id": "u1", "attributes": {"plan": "gold"}}');
    await page.context().close();
  });

  test('broken JSON is reported, and the last results stay, as do the variables', async () => {
    const { page, errors } = await playground.open();
    await write(page, '{"external_id": ');
    await page.getByRole('alert').getByText('not a JSON object yet').waitFor();
    await outcome(page, 'sent');
    await expect(page.getByRole('textbox', { name: 'FIRST_NAME' }).inputValue()).resolves.toBe('  Ada ');
    await write(page, '{"external_id":"u1","event":{"name":"e"}}');
    await expect(page.getByRole('alert').count()).resolves.toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a payload of more than 256 KB is rejected, and the page still works', async () => {
    const { page, errors } = await playground.open();
    await write(page, JSON.stringify({ external_id: 'u1', attributes: { note: 'x'.repeat(270_000) } }));
    await outcome(page, 'invalid');
    await choose(page, 'Node', 'track-event');
    await outcome(page, 'sent');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['lists in lists in lists', `{"external_id":"u","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'alert'],
    [
      'thousands of variables',
      JSON.stringify(Array.from({ length: 5_000 }, (_, index) => `{V${index}}`)).replace(
        /.*/,
        '{"external_id":"u","a":$&}',
      ),
      'V7',
    ],
    ['names of an object’s own', '{"__proto__":{"a":"{A}"},"constructor":"{B}","toString":"{C}"}', 'Unusable fields'],
    ['a text that turns the direction', '{"external_id":"u\u202e1","attributes":{"\u202ea":"\u202eb"}}', 'Answer'],
    ['an address that is a program', '{"external_id":"u","attributes":{"image_url":"javascript:alert(1)"}}', 'Answer'],
  ])('the page goes on after %s', async (_, input, shown) => {
    const { page, errors } = await playground.open();
    await write(page, input);
    const expected = shown === 'alert' ? page.getByRole('alert') : page.getByLabel(shown, { exact: true });
    await expected.first().waitFor();
    await choose(page, 'Node', 'track-event');
    await region(page, 'Branch').getByText('track-event', { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('profiles that Braze would not take are reported, and Braze holds nobody', async () => {
    const { page, errors } = await playground.open();
    await page.getByText('The profile in Braze before the call').click();
    const before = page.getByRole('textbox', { name: 'A list of user attributes objects' });
    for (const text of ['[{"first_name":"Ada"}]', '[7]', '[']) {
      await before.fill(text);
      await page.getByRole('alert').getByText('so it holds nobody').waitFor();
      await outcome(page, 'sent');
    }
    await before.fill('');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('markup in any field stays text', async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const { page, errors } = await playground.open();
    for (const box of await page.locator('input[type=text]:visible').all()) await box.fill(hostile);
    await write(page, JSON.stringify({ external_id: hostile, [hostile]: hostile, attributes: { [hostile]: hostile } }));
    await region(page, 'Unusable fields').getByText(hostile).first().waitFor();
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a link holds the whole state, in its fragment', async () => {
    const { page } = await playground.open();
    await choose(page, 'Node', 'track-event');
    await choose(page, 'Braze', '429');
    await page.getByRole('textbox', { name: 'Default country' }).fill('DE');
    await page.getByRole('button', { name: 'Copy link to what you see' }).click();
    await page.getByRole('status').getByText('personal data included').waitFor();
    const { hash } = new URL(page.url());
    expect(parseFragment(hash)).toMatchObject({ node: 'track-event', braze: '429', country: 'DE' });
    await page.context().close();

    const { page: colleague } = await playground.open(hash);
    await expect(colleague.getByRole('combobox', { name: 'Node' }).inputValue()).resolves.toBe('track-event');
    await expect(colleague.getByRole('textbox', { name: 'Default country' }).inputValue()).resolves.toBe('DE');
    await outcome(colleague, 'queued');
    await colleague.context().close();
  });

  test.each([
    ['#nothing', 'The link holds nothing usable.'],
    [toFragmentOf({}), 'The link holds nothing usable.'],
    [toFragmentOf({ node: 'a-node-of-another-version', input: '{}' }), 'The node of the link does not exist here.'],
  ])('a link that cannot be used is reported: %s', async (fragment, problem) => {
    const { page, errors } = await playground.open(fragment);
    await page.getByRole('status').getByText(problem).waitFor();
    await expect(page.getByRole('combobox', { name: 'Node' }).inputValue()).resolves.toBe('track-user');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a link of an older version, which holds less, is filled up, also in a page that is open', async () => {
    const { page } = await playground.open();
    const hash = toFragmentOf({ node: 'track-event', input: '{"external_id":"u1","name":"asked"}', braze: '429' });
    await page.evaluate((value) => {
      location.hash = value;
    }, hash);
    await outcome(page, 'queued');
    await region(page, 'Branch').getByText('track-event', { exact: true }).waitFor();
    await expect(page.getByRole('combobox', { name: 'Date order' }).inputValue()).resolves.toBe('');
    await page.context().close();
  });

  test('a value without a route is named before the chat ends with it', async () => {
    const { page } = await playground.open();
    await choose(page, 'Decision Variable', 'outcome');
    await page.getByRole('textbox', { name: 'What Next?' }).fill('sent~Thank you|partial~Ask again|maybe~Nowhere');
    const text = () => region(page, 'Branch').textContent();
    await region(page, 'Branch').getByText('“Thank you”').waitFor();
    expect(await text()).toContain(
      'No route for queued, invalid, unverified, rejected, misconfigured, in_doubt, unavailable',
    );
    expect(await text()).toContain('This node never answers maybe.');
    await page.context().close();
  });

  test('the columns can be copied as a row of Design Studio’s sheet', async () => {
    const { page } = await playground.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
    await region(page, 'Design Studio').getByRole('button', { name: 'Copy row as CSV' }).click();
    await page.getByRole('status').getByText('CSV').waitFor();
    const row = await page.evaluate(() => navigator.clipboard.readText());
    expect(row).toMatch(/^,A,track-user,,,,,,,,,,,BrazeNode,/);
    expect(row).toContain(',success,true~<node>|error~<node>|false~<node>,,,BRAZE_INVALID_FIELDS,,,');
    await page.context().close();
  });

  test('everything can be reached and done with the keyboard alone', async () => {
    const { page } = await playground.open();
    const reached = new Set<string>();
    for (let press = 0; press < 80; press += 1) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() => {
          const element = document.activeElement;
          const label =
            element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null;
          return element?.getAttribute('aria-label') ?? label?.[0]?.textContent ?? element?.textContent ?? '';
        }),
      );
    }
    expect([...reached]).toEqual(
      expect.arrayContaining([
        'Node',
        'Braze',
        'Parameter Input',
        'FIRST_NAME',
        'What Next?',
        'Copy Command',
        'Start from the recipe',
      ]),
    );
    await page.getByRole('combobox', { name: 'Braze' }).focus();
    await page.keyboard.press('ArrowDown');
    await outcome(page, 'queued');
    const focused = page.locator(':focus');
    while ((await focused.textContent()) !== 'Braze is back') await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await focused.getByText('Braze is back, and what waited was sent.').waitFor();
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing to mend in the %s scheme, on a laptop and on a phone',
    async (colorScheme) => {
      for (const viewport of [
        { width: 1_280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        const { page } = await playground.open('', { colorScheme, viewport });
        await page.getByRole('textbox', { name: 'DATE_OF_BIRTH', exact: true }).fill('03/04/1980');
        await outcome(page, 'partial');
        await page.evaluate(axe.source);
        const violations = await page.evaluate(async () => {
          const { axe: injected } = globalThis as unknown as { axe: typeof axe };
          const results = await injected.run();
          return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        });
        expect(violations).toEqual([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(viewport.width);
        await page.context().close();
      }
    },
  );

  test('the documentation shows a small picture of the page', async () => {
    // `UPDATE_SCREENSHOT=1 npx jest tests/playground` takes it anew.
    if (process.env.UPDATE_SCREENSHOT !== undefined) {
      const { page } = await playground.open('', { viewport: { width: 1_280, height: 960 }, colorScheme: 'light' });
      await page.getByRole('textbox', { name: 'DATE_OF_BIRTH', exact: true }).fill('03/04/1980');
      await page.getByRole('textbox', { name: 'CITY', exact: true }).fill('<<far fa-map-marker>> München');
      await outcome(page, 'partial');
      await page.getByRole('textbox', { name: 'What Next?' }).fill('true~Thank you|error~Go on|false~Go on');
      await page.evaluate(() => {
        for (const column of document.querySelectorAll('.column')) column.scrollTop = 0;
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      });
      await page.screenshot({ path: SCREENSHOT });
      await page.context().close();
    }
    const { length } = readFileSync(SCREENSHOT);
    expect(length).toBeGreaterThan(10_000);
    expect(length).toBeLessThan(200 * 1_024);
  });

  test('the page is at most 500 KB compressed', async () => {
    const { gzipSync } = await import('node:zlib');
    expect(gzipSync(readFileSync(new URL(playground.url))).length).toBeLessThan(500 * 1_024);
  });
});
