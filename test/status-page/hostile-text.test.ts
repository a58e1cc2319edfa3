import assert from 'node:assert/strict';
import { Counter, Gauge, Histogram, Info, Registry, Scheduler, StateSet } from '../../src/index.ts';
import { browserTest, until, visit } from './browser.ts';
import { servePage } from './page-client.ts';

const ATTACKS = [
  '<img src=x onerror="window.attacked=1">',
  '</script><script>window.attacked=1</script>',
  '"><svg onload=window.attacked=1>',
  "' onmouseover='window.attacked=1",
  '</style><script>window.attacked=1</script>',
  '{{constructor.constructor("window.attacked=1")()}}',
  'javascript:window.attacked=1',
  '__proto__',
  '\u202egnirts\u0000\u2028',
];

for (const attack of ATTACKS) {
  browserTest(`text from metrics is only text: ${JSON.stringify(attack)}`, async (t) => {
    const registry = new Registry({ selfMetrics: false });
    const scheduler = new Scheduler({ registry: new Registry() });
    const name = attack.replaceAll('\u0000', '');
    new Gauge({ name, help: attack, labelNames: ['a'], registry }).set({ a: attack }, 1);
    new Counter({ name: 'c_total', help: attack, labelNames: [name.replaceAll('__', '')], registry }).inc(
      { [name.replaceAll('__', '')]: attack },
      1,
    );
    new Info({ name: 'facts', help: attack, labelNames: ['a'], registry }).set({ a: attack });
    new StateSet({ name: 'states', help: attack, states: [attack, 'b'], registry }).switchTo(attack);
    new Histogram({ name: 'h', help: attack, buckets: [1], registry }).observe(0.5, { id: attack });
    registry.register({
      name: attack,
      collect: () => {
        throw new Error(attack);
      },
    });
    scheduler.every(
      '1h',
      () => {
        throw new Error(attack);
      },
      { name, immediate: true },
    );
    scheduler.start();
    t.after(() => scheduler.stop());
    const { url } = await servePage(
      t,
      { registry, scheduler, name: attack, description: attack, version: attack, traceUrl: 'https://a.example/{id}' },
      {
        links: [{ path: attack, text: attack }],
        notes: [attack],
        configuration: [{ group: attack, name: attack, value: attack, isDefault: false, help: attack }],
        scrapes: () => [
          { time: 1, client: attack, userAgent: attack, format: attack, bytes: 1, ms: 1, status: 200, accept: '' },
        ],
      },
    );
    const page = await visit(t, url, { viewport: { width: 1280, height: 4000 } });
    await page.waitForSelector('.family-row');
    const count = await page.locator('.family-name').count();
    for (let index = 0; index < count; index++) await page.locator('.family-name').nth(index).press('Enter');
    await page.waitForSelector('.series-row');
    for (const tab of ['cardinality', 'collectors', 'tasks', 'scrapes', 'configuration']) {
      await page.click(`#tab-${tab}`);
      await until(page, `document.querySelectorAll('#view-${tab} td').length > 0`);
    }
    assert.equal(await page.evaluate('window.attacked'), undefined);
    assert.equal(
      await page.evaluate(`document.querySelectorAll('#app img, #app svg, #app script, #app style').length`),
      0,
    );
    assert.equal(await page.evaluate(`document.querySelectorAll('[href^="javascript:"], [onmouseover]').length`), 0);
    assert.equal(await page.evaluate(`document.querySelectorAll('script').length`), 1);
  });

  browserTest(`the page without JavaScript shows only text: ${JSON.stringify(attack)}`, async (t) => {
    const registry = new Registry({ selfMetrics: false });
    new Gauge({ name: 'a', help: attack, registry }).set(1);
    const { url } = await servePage(t, { registry, name: attack, description: attack }, { notes: [attack] });
    const page = await visit(t, url, { javaScriptEnabled: false });
    const html = await page.content();
    assert.equal(html.match(/<(?:img|svg)\b/g), null);
    assert.equal(html.match(/<script\b/g)?.length, 1);
  });
}
