import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientGroups } from '../../../src/exporter/server/client-groups.ts';
import { type Client, FairQueue } from '../../../src/web-config/passwords/fair-queue.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { Gate } from '../../http/gated-collector.ts';

const never = () => false;

function client(...groups: string[]): Client & { connection: { destroyed: boolean } } {
  return { groups, connection: { destroyed: false } };
}

/** Creates a queue whose first turn lasts until its gate opens, and records the names of the following turns. */
function held(mostWaiting?: number) {
  const queue = new FairQueue(mostWaiting);
  const gate = new Gate();
  const turns: string[] = [];
  void queue.inTurn(client('first'), never, () => gate.promise);
  /** Waits in the queue, then fails or succeeds. */
  const wait = async (name: string, who: Client, { isDecided = never, isSuccess = false } = {}) =>
    await queue.inTurn(who, isDecided, async () => {
      turns.push(name);
      queue.record(who, isSuccess);
      return 'done';
    });
  return { queue, gate, turns, wait };
}

test('one turn at a time, even if one fails', async () => {
  const queue = new FairQueue();
  let running = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      queue.inTurn(client(`${index % 3}`), never, async () => {
        assert.equal(++running, 1);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (index % 4 === 0) throw new Error('failed');
        return index;
      }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 15);
});

test('addresses take turns, however many requests each has', async () => {
  const { gate, turns, wait } = held();
  const waiting = ['a', 'a', 'a', 'a', 'b', 'b', 'c'].map((name) => wait(name, client(name)));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns.join(''), 'cbabaaa');
});

test('an address that has failed goes after one that has not, until it succeeds', async () => {
  const { queue, gate, turns, wait } = held();
  for (const name of ['a', 'b']) queue.record(client(name), false);
  queue.record(client('b'), true);
  const waiting = ['b', 'a'].map((name) => wait(name, client(name)));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns.join(''), 'ba');
});

test('two addresses with as many requests take turns, whichever came first', async () => {
  const { gate, turns, wait } = held();
  const waiting = [...'aaaaabbbbb'].map((name) => wait(name, client(name)));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns.join(''), 'bababababa');
});

test('two hundred addresses that have failed delay another only by the current turn', async () => {
  const { queue, gate, turns, wait } = held();
  const guessers = Array.from({ length: 200 }, (_, index) => client(`127.0.1.${index}`));
  for (const guesser of guessers) queue.record(guesser, false);
  const waiting = guessers.map((guesser) => wait('guess', guesser));
  waiting.push(wait('scrape', client('127.0.0.1')), wait('guess', client('127.0.1.0')));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns.indexOf('scrape'), 0);
});

test('a network of many addresses counts as one', async () => {
  const { gate, turns, wait } = held();
  const addresses = Array.from({ length: 50 }, (_, index) => `2001:db8::${index + 1}`);
  const waiting = [...addresses, '2001:db8:0:1::1'].map((address) => wait(address, client(...clientGroups(address))));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns[0], '2001:db8:0:1::1');
});

test('connections of one address take turns', async () => {
  const { gate, turns, wait } = held();
  const [a, b] = [client('address'), client('address')];
  const waiting = [...['a1', 'a2', 'a3'].map((name) => wait(name, a)), ...['b1'].map((name) => wait(name, b))];
  gate.open();
  await Promise.all(waiting);
  assert.deepEqual(turns, ['b1', 'a1', 'a2', 'a3']);
});

test('among equals the latest goes first', async () => {
  const { gate, turns, wait } = held();
  const waiting = ['a', 'b', 'c'].map((name) => wait(name, client(name)));
  gate.open();
  await Promise.all(waiting);
  assert.equal(turns.join(''), 'cba');
});

test('decided work goes before everything else', async () => {
  const { queue, gate, turns, wait } = held();
  queue.record(client('late'), false);
  const waiting = [wait('late', client('late'), { isDecided: () => true }), wait('early', client('early'))];
  gate.open();
  await Promise.all(waiting);
  assert.deepEqual(turns, ['late', 'early']);
});

test('a client that has disconnected gets no turn', async () => {
  const { gate, turns, wait } = held();
  const gone = client('gone');
  const waiting = [wait('gone', gone), wait('here', client('here'))];
  gone.connection.destroyed = true;
  gate.open();
  assert.deepEqual(await Promise.all(waiting), [undefined, 'done']);
  assert.deepEqual(turns, ['here']);
});

test('if too many are waiting, one with the most requests is turned away', async () => {
  const { gate, wait } = held(4);
  const waiting = ['a', 'a', 'a', 'b', 'c', 'd'].map((name) => wait(name, client(name)));
  gate.open();
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined, undefined, 'done', 'done', 'done']);
});

test('a hundred thousand groups take no more memory than a thousand', async () => {
  const queue = new FairQueue();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 100_000; index++) queue.record(client(`${index}/32`, `${index}`), false);
  collectGarbage();
  assert.ok(process.memoryUsage().heapUsed - before < 2 ** 20);
});

for (const [address, groups] of [
  ['192.0.2.1', ['192.0.2.1/32', '192.0.2.1']],
  ['::ffff:192.0.2.1', ['192.0.2.1/32', '192.0.2.1']],
  ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2/64', '2001:db8:1:2:3:4:5:6']],
  ['2001:DB8:1:2::6', ['2001:db8:1:2/64', '2001:DB8:1:2::6']],
  ['2001:db8::6', ['2001:db8:0:0/64', '2001:db8::6']],
  ['1::3:4:5:6:7:8', ['1:0:3:4/64', '1::3:4:5:6:7:8']],
  ['fe80::1%eth0', ['fe80:0:0:0/64', 'fe80::1%eth0']],
] as const) {
  test(`the groups of ${address}`, () => {
    assert.deepEqual(clientGroups(address), groups);
  });
}

test('clients of a Unix socket are one group', () => {
  assert.deepEqual(clientGroups(undefined), clientGroups(''));
});
