/** The keys of `zeroprom scrape --watch` on a terminal. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { paintFor } from '../../../src/cli/command/colors.ts';
import { runCli } from '../../../src/cli/run-cli.ts';
import { serve } from '../../http/serve.ts';

const ROWS = 12;
const families = Array.from({ length: 20 }, (_, index) => `f${String(index).padStart(2, '0')}`);

/** Watches twenty families on a terminal with room for five of them. */
async function watching(t: TestContext, ...args: string[]) {
  let scrapes = 0;
  const url = await serve(t, (_, response) => {
    scrapes++;
    const lines = families.map((name, index) => `# TYPE ${name} gauge\n${name} ${(index * 7) % 20}\n`);
    response.setHeader('content-type', 'text/plain').end(lines.join(''));
  });
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => {
      modes.push(isRaw);
      return stdin;
    },
  });
  const screens: string[] = [];
  let shown = () => {};
  const ended = runCli(['scrape', '--watch=1h', ...args, url], () => ({
    // Only these parts of a terminal are used.
    stdin: stdin as unknown as NodeJS.ReadStream,
    isTerminal: true,
    columns: 100,
    rows: ROWS,
    paint: paintFor(true, { NO_COLOR: '1' }),
    progress: () => {},
    write: async (chunk) => {
      screens.push(String(chunk));
      shown();
    },
    complain: assert.fail,
  }));
  /** Presses keys one after the other, and returns what the screen then shows. */
  const press = async (...keys: string[]): Promise<string> => {
    for (const key of keys) {
      const next = new Promise<void>((resolve) => {
        shown = resolve;
      });
      stdin.write(key);
      await next;
    }
    return screens.at(-1) ?? '';
  };
  while (screens.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  const quit = (key: string) => {
    stdin.write(key);
    return ended;
  };
  t.after(() => quit('q'));
  return { press, quit, modes, screen: () => screens.at(-1) ?? '', scrapes: () => scrapes };
}

const namesOn = (screen: string) => screen.match(/\bf\d\d\b(?= +gauge)/g)?.join(' ');

test('as many families are shown as fit on the screen, and the keys are explained', async (t) => {
  const { screen } = await watching(t);
  assert.equal(namesOn(screen()), 'f00 f01 f02 f03 f04');
  assert.match(screen(), /20 families \(1 to 5 shown\), 20 series/);
  assert.match(screen(), /sorted by name\. q quit, space pause, s sort, \/ filter, arrows and page keys scroll/);
});

const DOWN = '\u001b[B';
const UP = '\u001b[A';
const PAGE_DOWN = '\u001b[6~';
const PAGE_UP = '\u001b[5~';
const END = '\u001b[F';
const HOME = '\u001b[H';

for (const [what, keys, names] of [
  ['down', [DOWN, DOWN], 'f02 f03 f04 f05 f06'],
  ['up', [DOWN, DOWN, UP], 'f01 f02 f03 f04 f05'],
  ['not above the first family', [UP], 'f00 f01 f02 f03 f04'],
  ['by pages', [PAGE_DOWN, PAGE_DOWN, PAGE_UP], 'f05 f06 f07 f08 f09'],
  ['to the end, and up from there', [END, UP], 'f14 f15 f16 f17 f18'],
  ['not below the last family', [END, DOWN], 'f15 f16 f17 f18 f19'],
  ['to the start', [END, HOME], 'f00 f01 f02 f03 f04'],
  ['with letters', ['j', 'j', 'k'], 'f01 f02 f03 f04 f05'],
] as const) {
  test(`keys scroll ${what}`, async (t) => {
    const { press } = await watching(t);
    assert.equal(namesOn(await press(...keys)), names);
  });
}

test('s sorts by series, values and rates', async (t) => {
  const { press } = await watching(t);
  const screen = await press('s', 's');
  assert.match(screen, /sorted by value/);
  assert.equal(namesOn(screen), 'f17 f14 f11 f08 f05');
  assert.match(await press('s'), /sorted by rate/);
  assert.match(await press('s'), /sorted by name/);
});

test('/ filters by a part of the name, and Escape removes the filter', async (t) => {
  const { press } = await watching(t);
  assert.match(await press('/'), /Filter: _ \(Enter keeps it, Escape removes it\)/);
  assert.match(await press('F', '1', 'q', '\u007f', '7'), /Filter: F17_/);
  const kept = await press('\r');
  assert.equal(namesOn(kept), 'f17');
  assert.match(kept, /1 family, 1 series/);
  assert.match(kept, /sorted by name, filter: F17\. q quit/);
  assert.equal(namesOn(await press('\u001b', 's')), 'f00 f01 f02 f03 f04');
});

test('--filter sets the filter', async (t) => {
  const { screen } = await watching(t, '--filter=F03');
  assert.equal(namesOn(screen()), 'f03');
});

test('space pauses', async (t) => {
  const { press } = await watching(t);
  assert.match(await press(' '), /Paused, sorted by name/);
  assert.match(await press(' '), /\nsorted by name/);
});

test('q ends it with exit code 0 and restores the terminal', async (t) => {
  const { quit, modes } = await watching(t);
  assert.equal(await quit('q'), 0);
  assert.deepEqual(modes, [true, false]);
});

test('Ctrl-C ends it with exit code 130', async (t) => {
  const { quit } = await watching(t);
  assert.equal(await quit('\u0003'), 130);
});

test('other keys change nothing', async (t) => {
  const { press, screen } = await watching(t);
  const table = (text: string) => text.split('\u001b[H').at(-1);
  const before = table(screen());
  assert.equal(table(await press('x', '\u001b[15~', 'ü', '\u0001')), before);
});
