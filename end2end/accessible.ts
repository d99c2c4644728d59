// What makes a page usable by everybody, as far as a program can tell.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from '@playwright/test';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with the page as it is now. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not bind: the policy itself stays in force.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const axe = (window as any).axe;
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }: any) => {
      const places = nodes.slice(0, 4).map((node: any) => `${node.html.slice(0, 160)} (${node.failureSummary.split('\n').slice(1).join(';')})`);
      return `${id}: ${help}, ${nodes.length} times: ${places.join(' | ')}`;
    });
  }, TAGS);
}

/** Opens what is folded, so that it is looked at too. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => (fold.open = true)));
}

/** What sticks out of a page that is too narrow for it; scrolling inside an element is fine. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width && document.body.scrollWidth <= width) return [];
    const scrolls = (element: Element | null): boolean =>
      !!element && element !== document.body && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const culprits = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !scrolls(element.parentElement))
      .map((element) => `${element.outerHTML.slice(0, 120)} ends at ${Math.round(element.getBoundingClientRect().right)}`);
    return [`the page is ${document.documentElement.scrollWidth} wide`, ...culprits.slice(-5)];
  });
}

/** What a keyboard alone does not reach, or reaches without showing it: from the top of the page to its end. */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    const CANDIDATES = 'a[href], button, input, select, textarea, summary, [tabindex]';
    const isChosenOfGroup = (element: HTMLInputElement) => {
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${element.name}"]`)];
      return element === (group.find(({ checked }) => checked) ?? group[0]);
    };
    const expected = [...document.querySelectorAll<HTMLElement>(CANDIDATES)].filter(
      (element) =>
        element.tabIndex >= 0 &&
        !element.matches(':disabled, [type=hidden]') &&
        element.checkVisibility({ visibilityProperty: true }) &&
        (!element.matches('[type=radio]') || isChosenOfGroup(element as HTMLInputElement)),
    );
    expected.forEach((element, index) => (element.dataset.expected = String(index)));
    window.scrollTo(0, 0);
    return expected.length;
  });

  const faults: string[] = [];
  const reached = new Set<string>();
  for (let step = 0; step < count + 60; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(async () => {
      await new Promise(requestAnimationFrame); // by then the browser has scrolled to it
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const seen = await new Promise<DOMRectReadOnly>((resolve) => {
        const observer = new IntersectionObserver(([{ intersectionRect }]) => {
          observer.disconnect();
          resolve(intersectionRect);
        });
        observer.observe(element);
      });
      const points = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [seen.left + seen.width * x, seen.top + seen.height * y]));
      const isUncovered = points.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return !!top && (element.contains(top) || top.contains(element) || !!top.closest('label')?.contains(element));
      });
      return {
        expected: element.dataset.expected,
        html: element.outerHTML.slice(0, 160),
        isShown: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none',
        isSeen: seen.width > 0 && seen.height > 0 && isUncovered,
      };
    });
    if (!stop) {
      if (reached.size >= count || step > count) break;
      continue;
    }
    if (stop.expected !== undefined && reached.has(stop.expected)) break;
    if (stop.expected !== undefined) reached.add(stop.expected);
    if (!stop.isShown) faults.push(`has the focus and does not show it: ${stop.html}`);
    if (!stop.isSeen) faults.push(`has the focus and is out of sight: ${stop.html}`);
  }
  const missed = await page.evaluate(
    (reached) =>
      [...document.querySelectorAll<HTMLElement>('[data-expected]')]
        .filter(({ dataset }) => !reached.includes(dataset.expected!))
        .map(({ outerHTML }) => `is not reached: ${outerHTML.slice(0, 160)}`),
    [...reached],
  );
  return [...faults, ...missed];
}
