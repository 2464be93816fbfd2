import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { debianProgram } from './debian-program.ts';

const isRoot = process.getuid?.() === 0;

/** Starts Debian's Chromium; null where it is neither installed nor can be. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = await debianProgram('chromium', 'chromium');
  return executablePath === null
    ? null
    : chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}

/** A page that writes down what its policy forbade and what it threw. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors that no one caught, and what the page's policy forbade. */
  troubles(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const watch = `
  globalThis.forbidden = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
    forbidden.push([violatedDirective, blockedURI, sourceFile].join(' ')));
`;

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.addInitScript(watch);
  return {
    page,
    async troubles() {
      const forbidden: string[] = await page.evaluate('forbidden');
      return [...errors, ...forbidden];
    },
    close: () => context.close(),
  };
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with what a page shows, in a line each; by all of its rules, or by those that are named. */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) {
    await page.evaluate(await readFile(axeFile, 'utf8'));
  }
  const only = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
  return await page.evaluate(`
    axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], preload: false, ...only })}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        id + ' ' + target.join(' ') + ' ' + failureSummary.replace(/\\s+/g, ' '))))
  `);
}
