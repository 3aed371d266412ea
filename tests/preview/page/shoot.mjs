// Opens each dashboard in Chromium, waits until all is drawn, takes the pictures: JSON in on stdin, JSON out on stdout.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { url, executable, width, timeoutMs, jobs } = JSON.parse(readFileSync(0, 'utf8'));
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox', // Chromium refuses to start as root with one; the page is our own
];

// A table fills its cells only where they are in view.
async function showAll(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 100) });
}

async function shoot(page, { dashboard, picture, panels }) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${url}/?dashboard=${dashboard}`);
  try {
    await page.waitForFunction(() => window.preview, undefined, { timeout: timeoutMs });
  } catch {
    errors.push(`not drawn after ${timeoutMs / 1000} s`);
  }
  await showAll(page);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(600); // sparklines and canvases are drawn in frames of their own
  await page.screenshot({ path: picture });
  for (const [index, path] of Object.entries(panels)) {
    const panel = page.locator(`[data-panel="${index}"]`);
    if (await panel.count()) await panel.screenshot({ path });
  }
  const { panels: outcomes = [], problems = [] } = (await page.evaluate(() => window.preview)) ?? {};
  return { panels: outcomes, problems: [...problems, ...errors] };
}

const profile = mkdtempSync(join(tmpdir(), 'watchbill-preview-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: executable,
  headless: true,
  args: QUIET,
  viewport: { width, height: 600 },
});
try {
  const outcomes = [];
  for (const job of jobs) {
    const page = await browser.newPage();
    outcomes.push(await shoot(page, job));
    await page.close();
  }
  process.stdout.write(JSON.stringify(outcomes));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
