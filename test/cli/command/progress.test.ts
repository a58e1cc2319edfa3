/** The line on a terminal that shows what a long operation is doing. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Progress } from '../../../src/cli/command/progress.ts';

const CLEAR = '\r\u001b[K';

/** A progress on a terminal of 20 columns, what it has written, and its clock. */
function onTerminal(t: TestContext) {
  let time = 1000;
  t.mock.method(performance, 'now', () => time);
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { progress: new Progress({ write, columns: 20 }), written, wait };
}

test('progress is shown after a second', (t) => {
  const { progress, written, wait } = onTerminal(t);
  progress.report('Reading', () => '1 B');
  wait(999);
  progress.report('Reading', () => '2 B');
  assert.deepEqual(written, []);
  wait(1);
  progress.report('Reading', () => '3 B');
  assert.deepEqual(written, ['\rReading 3 B\u001b[K']);
});

test('progress within a phase is shown ten times a second, and a new phase at once', (t) => {
  const { progress, written, wait } = onTerminal(t);
  for (let count = 0; count < 40; count++) {
    wait(50);
    progress.report('Reading', () => String(count));
  }
  assert.equal(written.length, 11);
  progress.report('Writing');
  assert.equal(written.at(-1), '\rWriting\u001b[K');
});

test('progress is cut to the width of the terminal', (t) => {
  const { progress, written, wait } = onTerminal(t);
  wait(1000);
  progress.report('Reading', () => 'a name that is too long');
  assert.deepEqual(written, ['\rReading a name that\u001b[K']);
});

test('clear() removes the line, once', (t) => {
  const { progress, written, wait } = onTerminal(t);
  progress.clear();
  wait(1000);
  progress.report('Reading');
  progress.clear();
  progress.clear();
  assert.deepEqual(written.slice(1), [CLEAR]);
});
