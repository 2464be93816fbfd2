import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations } from '../support/browser.ts';
import { askIn, browser, useDesk } from '../support/page-desk.ts';
import { scriptShop } from '../support/page-shop.ts';

const looks = [
  { name: 'on a desk', viewport: { width: 1280, height: 900 } },
  { name: 'on a phone', viewport: { width: 360, height: 740 }, isMobile: true },
] as const;

/** The role and the name of what has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) { element = element.shadowRoot.activeElement; }
    return (element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '').trim();
  })()`);

/** Goes on by the tabulator until what has the focus has that name. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if ((await focused(page)).startsWith(name)) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`The tabulator never came to ${name}, but last to ${await focused(page)}.`);
}

describe.skipIf(browser === null)('the page for everybody', () => {
  const desk = useDesk();

  it.each(looks)(
    'has nothing that axe finds fault with, light or dark, $name',
    { timeout: 120_000 },
    async ({ name: _, ...look }) => {
      const { server, openAt } = desk();
      scriptShop(server);
      const found: string[] = [];
      const check = async (page: Page, place: string): Promise<void> => {
        await page.emulateMedia({ colorScheme: 'light' });
        found.push(...(await axeViolations(page)).map((line) => `${place}: ${line}`));
        // Nothing but the colours is another then.
        await page.emulateMedia({ colorScheme: 'dark' });
        const dark = await axeViolations(page, ['color-contrast']);
        found.push(...dark.map((line) => `${place}, dark: ${line}`));
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${place} is wider than the window`).toBeLessThanOrEqual(0);
      };
      const page = await openAt(server.origin, look);
      await page.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
      await check(page, 'sign-in');
      await page.goto(server.url);
      await page.reload();
      await page.locator('select.picker').first().waitFor();
      await check(page, 'welcome');
      const turn = page.getByRole('article').last();
      await askIn(page, 'How much did we earn in Germany last year?');
      await turn.getByRole('button', { name: 'Run' }).waitFor();
      await check(page, 'answer');
      await turn.getByRole('button', { name: 'Run' }).click();
      await turn.getByRole('button', { name: 'CSV' }).waitFor();
      await check(page, 'number');
      await turn.getByRole('button', { name: 'Wrong' }).click();
      await turn.getByRole('button', { name: 'Edit' }).click();
      await page.locator('.cm-content').waitFor();
      await check(page, 'editor');
      await page.getByRole('button', { name: 'New conversation' }).click();
      for (const [question, view] of [
        ['And the customers with the highest revenue?', 'Table'],
        ['And the customers with the highest revenue?', 'Chart'],
        ['Revenue by month', 'Chart'],
      ] as const) {
        await askIn(page, question);
        await turn.getByRole('button', { name: 'Run' }).click();
        await turn.getByRole('button', { name: view }).click();
        if (view === 'Table') {
          await turn.getByRole('gridcell').first().click();
        }
        await check(page, `${view} of ${question}`);
      }
      await page.getByRole('button', { name: 'New conversation' }).click();
      for (const [question, role, name] of [
        ['Show the best ones', 'button', 'Products by revenue'],
        ['Drop the customers', 'alert', ''],
        ['something slow', 'button', 'Cancel'],
      ] as const) {
        await askIn(page, question);
        await turn.getByRole(role, { name }).waitFor();
        await check(page, question);
      }
      await askIn(page, 'Set the price of mugs to 12');
      await turn.getByRole('button', { name: 'Show what it changes' }).click();
      await turn.getByRole('button', { name: 'Keep the change' }).waitFor();
      await check(page, 'change');
      await page.locator('.settings summary').click();
      await check(page, 'settings');
      await page.keyboard.press('Escape');
      if ('isMobile' in look) {
        await page.getByRole('button', { name: 'Menu' }).click();
      }
      for (const tab of ['History', 'Saved', 'Tables']) {
        await page.getByRole('tab', { name: tab }).filter({ visible: true }).click();
        await check(page, tab);
      }
      expect(found).toEqual([]);
    },
  );

  it('goes the whole way by the keyboard alone', async () => {
    const { server, open } = desk();
    scriptShop(server);
    const page = await open();
    // The question has the focus from the start.
    expect(await focused(page)).toBe('Your question');
    await page.keyboard.type('And the customers with the highest revenue?');
    await page.keyboard.press('Control+Enter');
    const turn = page.getByRole('article').first();
    await turn.getByRole('button', { name: 'Run' }).waitFor();
    await page.keyboard.press('Control+k');
    await tabTo(page, 'Run', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await turn.getByRole('grid').waitFor();
    await page.keyboard.press('Control+k');
    await tabTo(page, 'Rows of', 'Shift+Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => turn.locator('.active-cell').textContent()).toContain('Berlin');
    await tabTo(page, 'Sort by revenue');
    await page.keyboard.press('Enter');
    await expect.poll(() => turn.getByRole('gridcell').first().textContent()).toBe('Hofladen Grün');
    await tabTo(page, 'Chart', 'Shift+Tab');
    await page.keyboard.press('Space');
    await turn.locator('table.bars').waitFor();
    await tabTo(page, 'Edit');
    await page.keyboard.press('Enter');
    await page.locator('.cm-content').waitFor();
    await expect.poll(() => focused(page)).toContain('SQL to edit');
    // Out of the editor, which does not keep the tabulator to itself.
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Check this SQL');
    await tabTo(page, 'Leave it');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Conversations', 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('History');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'revenue-by-country');
    await page.keyboard.press('Enter');
    await tabTo(page, 'country');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Ask');
  });

  it('tells a screen reader what comes of what was asked', async () => {
    const { server, open } = desk();
    scriptShop(server);
    const page = await open();
    const status = page.locator('output[aria-live=polite]');
    const turn = await askIn(page, 'And the customers with the highest revenue?');
    await expect
      .poll(() => status.textContent())
      .toBe('An answer is there: And the customers with the highest revenue?');
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => status.textContent()).toBe('12 rows');
    await askIn(page, 'Show the best ones');
    await expect.poll(() => status.textContent()).toBe('There is a question back: Best by what?');
    await askIn(page, 'Drop the customers');
    await expect.poll(() => status.textContent()).toContain('DROP TABLE is refused');
    for (const landmark of ['banner', 'main', 'navigation'] as const) {
      expect(await page.getByRole(landmark).count(), landmark).toBe(1);
    }
  });

  it.each([
    ['es-MX', 'es', '¿Qué quiere saber?', 'Ejecutar', '1.284.310,55', 'Un motivo para dudar'],
    ['de-DE', 'de', 'Was möchten Sie wissen?', 'Ausführen', '1.284.310,55', 'Ein Grund zum Zweifel'],
    ['en-US', 'en', 'What would you like to know?', 'Run', '1,284,310.55', 'One reason to doubt this'],
  ])('speaks %s', async (locale, lang, welcome, run, number, doubt) => {
    const { server, openAt } = desk();
    scriptShop(server);
    const page = await openAt(server.url, { locale });
    await page.getByRole('heading', { name: welcome }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    await page.locator('select.picker').first().waitFor();
    await page.locator('textarea').fill('How much did we earn in Germany last year?');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: run, exact: true }).click();
    await expect.poll(() => page.locator('.big-number strong').textContent()).toBe(number);
    await page.getByRole('note', { name: doubt }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('remembers the language and the colours that were chosen', async () => {
    const { open } = desk();
    const page = await open({ colorScheme: 'light' });
    const ground = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.locator('.settings summary').click();
    await page.getByLabel('Colours').selectOption({ label: 'Dark' });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Was möchten Sie wissen?' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Was möchten Sie wissen?' }).waitFor();
    expect(await ground()).toBe(dark);
  });
});
