import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import bcryptjs from 'bcryptjs';
import { Authenticator, parseCredentials } from '../../../src/web-config/passwords/authenticator.ts';
import { Bcrypt } from '../../../src/web-config/passwords/bcrypt.ts';
import { PasswordChecker } from '../../../src/web-config/passwords/password-checker.ts';
import { decoysFor, formatHash, hashKind, parseHash } from '../../../src/web-config/passwords/password-hash.ts';

const bcrypt = new Bcrypt();
const { signal } = new AbortController();
/** A cheap hash that no password matches. */
const SCRYPT = `$scrypt$ln=4,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

async function fits(password: string, text: string): Promise<boolean> {
  const hash = parseHash(text);
  assert.ok(hash?.algorithm === 'bcrypt');
  return hash.digest.equals(await bcrypt.digest(Buffer.from(password), hash.salt, hash.cost, signal));
}

test('bcrypt agrees with another implementation on random passwords', async () => {
  const alphabet = [...'aZ0 é€😀ß'];
  for (let run = 0; run < 50; run++) {
    const bytes = randomBytes(run);
    const password = [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
    if (Buffer.byteLength(password) > 72) continue;
    const text = bcryptjs.hashSync(password, run === 8 ? 8 : 4 + (run % 2));
    assert.equal(await fits(password, text), true, JSON.stringify(password));
    assert.equal(await fits(`${password}x`, text), Buffer.byteLength(password) === 72, JSON.stringify(password));
  }
});

test('bcrypt agrees at the usual cost', async () => {
  assert.equal(await fits('correct horse', bcryptjs.hashSync('correct horse', 10)), true);
});

for (const [password, text] of [
  ['a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
  ['abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
] as const) {
  test(`bcrypt of ${JSON.stringify(password)} agrees with the original implementation`, async () => {
    assert.ok(await fits(password, text));
  });
}

test('bcrypt uses 72 bytes of a password', async () => {
  const text = bcryptjs.hashSync('x'.repeat(72), 4);
  assert.ok(await fits(`${'x'.repeat(72)}tail`, text));
  assert.ok(!(await fits(`${'x'.repeat(71)}y`, text)));
});

test('bcrypt lets other work run, and rejects once its signal is aborted', async () => {
  const ending = new AbortController();
  let turns = 0;
  const count = () => (++turns === 20 ? ending.abort(new Error('enough')) : void setImmediate(count));
  setImmediate(count);
  await assert.rejects(bcrypt.digest(Buffer.from('p'), Buffer.alloc(16), 31, ending.signal), { message: 'enough' });
  assert.equal(turns, 20);
});

test('parsed hashes are formatted unchanged', () => {
  for (const text of [
    bcryptjs.hashSync('x', 4),
    '$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$0ftlSl329031Qyw/vzdIU64OAfgfXzSQTaUDlil6SSo',
  ]) {
    const hash = parseHash(text);
    assert.ok(hash);
    assert.equal(formatHash(hash), text);
  }
});

function checkerFor(t: TestContext, mostWaiting?: number): PasswordChecker {
  const checker = new PasswordChecker(mostWaiting);
  t.after(() => checker.close());
  return checker;
}

test('new hashes match their password, and differ each time', async (t) => {
  const checker = checkerFor(t);
  for (const kind of [
    { algorithm: 'bcrypt', cost: 4 },
    { algorithm: 'scrypt', ln: 4, r: 8, p: 1 },
  ] as const) {
    const [first, second] = [await checker.hash(Buffer.from('p'), kind), await checker.hash(Buffer.from('p'), kind)];
    assert.notEqual(formatHash(first), formatHash(second));
    const read = parseHash(formatHash(first));
    assert.ok(read);
    assert.equal(await checker.check(Buffer.from('p'), [read]), true);
    assert.equal(await checker.check(Buffer.from('q'), [read]), false);
  }
});

test('there is a decoy for each kind of hash, a different one each time', () => {
  const hashes = [4, 4, 6].map((cost) => parseHash(bcryptjs.hashSync('p', cost))!); // As made.
  assert.deepEqual(decoysFor(hashes).map(hashKind), ['bcrypt 4', 'bcrypt 6']);
  assert.notDeepEqual(decoysFor(hashes).map(formatHash), decoysFor(hashes).map(formatHash));
});

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

for (const [header, user, password] of [
  [basic('alice', 'pass'), 'alice', 'pass'],
  [basic('alice', 'a:b:c'), 'alice', 'a:b:c'],
  [basic('', ''), '', ''],
  [basic('ä', 'ö'), 'ä', 'ö'],
  [`bAsIc  ${basic('a', 'b').slice(6)}`, 'a', 'b'],
] as const) {
  test(`credentials: ${header}`, () => {
    assert.deepEqual(parseCredentials(header), { user, password: Buffer.from(password) });
  });
}

for (const header of [
  '',
  'Basic',
  'Basic ',
  'Basic !!YTpi!!',
  'Basic YTpi=',
  'Basic YQ==',
  'Basic YTpi YTpi',
  'Bearer YTpi',
  'Basic YTp',
  'BasicYTpi',
  `Basic ${'A'.repeat(10_001)}`,
]) {
  test(`no credentials: ${header.slice(0, 30)}`, () => {
    assert.equal(parseCredentials(header), undefined);
  });
}

/** Creates users with different passwords, and a checker that counts. */
function authenticatorOf(t: TestContext, passwords: Record<string, string>, mostWaiting?: number) {
  const users = Object.entries(passwords).map(([user, password]) => {
    const hash = parseHash(bcryptjs.hashSync(password, 4));
    assert.ok(hash);
    return [user, hash] as const;
  });
  const checker = checkerFor(t, mostWaiting);
  let checks = 0;
  const check = checker.check.bind(checker);
  checker.check = (...args) => {
    checks++;
    return check(...args);
  };
  return { authenticator: new Authenticator(new Map(users), checker), checks: () => checks };
}

test('the right password is accepted, and hashed once', async (t) => {
  const { authenticator, checks } = authenticatorOf(t, { alice: 'pass' });
  for (let count = 0; count < 5; count++) assert.equal(await authenticator.judge([basic('alice', 'pass')]), 'granted');
  assert.equal(checks(), 1);
});

test('a wrong password, an unknown user, another scheme and two headers are rejected', async (t) => {
  const { authenticator } = authenticatorOf(t, { alice: 'pass' });
  const right = basic('alice', 'pass');
  for (const headers of [
    [basic('alice', 'Pass')],
    [basic('eve', 'pass')],
    [basic('', '')],
    ['Bearer x'],
    [],
    [right, right],
  ]) {
    assert.equal(await authenticator.judge(headers), 'refused');
  }
  assert.equal(await authenticator.judge([right]), 'granted');
});

test('credentials whose concatenated parts are equal are distinguished', async (t) => {
  const { authenticator } = authenticatorOf(t, { alice: 'bpass', aliceb: 'other' });
  assert.equal(await authenticator.judge([basic('alice', 'bpass')]), 'granted');
  assert.equal(await authenticator.judge([basic('aliceb', 'pass')]), 'refused');
  assert.equal(await authenticator.judge([basic('alic', 'ebpass')]), 'refused');
  const hash = formatHash(decoysFor([])[0]!);
  assert.equal(await authenticator.judge([basic(`alice${hash}`, 'bpass')]), 'refused');
});

test('names of object properties are ordinary users', async (t) => {
  const { authenticator } = authenticatorOf(t, { constructor: 'pass', ['__proto__x']: 'pass' });
  assert.equal(await authenticator.judge([basic('constructor', 'pass')]), 'granted');
  for (const user of ['__proto__', 'toString', 'hasOwnProperty']) {
    assert.equal(await authenticator.judge([basic(user, 'pass')]), 'refused');
  }
});

test('three hundred concurrent logins, half of them wrong: the right verdicts, and one hash per kind', async (t) => {
  const { authenticator, checks } = authenticatorOf(t, { alice: 'pass' });
  const verdicts = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      authenticator.judge([basic('alice', index % 2 === 0 ? 'pass' : 'wrong')]),
    ),
  );
  for (const [index, verdict] of verdicts.entries()) assert.equal(verdict, index % 2 === 0 ? 'granted' : 'refused');
  assert.equal(checks(), 2);
});

test('a flood of guesses is turned away, and does not delay known clients', async (t) => {
  const { authenticator } = authenticatorOf(t, { alice: 'pass' }, 4);
  assert.equal(await authenticator.judge([basic('alice', 'pass')]), 'granted');
  const guesses = Array.from({ length: 300 }, (_, index) => authenticator.judge([basic('alice', `guess ${index}`)]));
  assert.equal(await authenticator.judge([basic('alice', 'pass')]), 'granted');
  const verdicts = await Promise.all(guesses);
  assert.equal(verdicts.filter((verdict) => verdict === 'refused').length, 4);
  assert.equal(verdicts.filter((verdict) => verdict === 'busy').length, 296);
});

test('a wrong password takes the same work for every user', async (t) => {
  const checker = checkerFor(t);
  const asked: string[] = [];
  const check = checker.check.bind(checker);
  checker.check = (password, hashes) => {
    asked.push(hashes.map(hashKind).sort().join());
    return check(password, hashes);
  };
  const texts = [...[4, 6].map((cost) => bcryptjs.hashSync('pass', cost)), SCRYPT];
  const users = texts.map((text, index) => [`user${index}`, parseHash(text)!] as const); // As made.
  const authenticator = new Authenticator(new Map(users), checker);
  for (const user of ['user0', 'user1', 'user2', 'eve', '']) await authenticator.judge([basic(user, 'wrong')]);
  assert.deepEqual(asked, Array(5).fill('bcrypt 4,bcrypt 6,scrypt 4 8 1 32'));
});

test('the time of a rejection does not reveal whether a user exists', async (t) => {
  const users = [
    ['cheap', 4],
    ['costly', 8],
  ] as const;
  const hashes = users.map(([user, cost]) => [user, parseHash(bcryptjs.hashSync('pass', cost))!] as const); // As made.
  const authenticator = new Authenticator(new Map(hashes), checkerFor(t));
  const names = ['cheap', 'costly', 'unknown'];
  const rounds: number[][] = [];
  for (let round = 0; round < 30; round++) {
    const times: number[] = [];
    for (let turn = 0; turn < names.length; turn++) {
      const index = (round + turn) % names.length; // Each of them is the first one equally often.
      const began = process.cpuUsage(); // Wall-clock time depends on the load of the machine.
      assert.equal(await authenticator.judge([basic(names[index]!, `wrong ${round}`)]), 'refused');
      times[index] = process.cpuUsage(began).user;
    }
    rounds.push(times);
  }
  for (const [index, name] of names.entries()) {
    // Within a round, code is equally optimized and the machine equally busy.
    const ratios = rounds
      .map((times) => times[index]! / ((times[0]! + times[1]! + times[2]!) / 3))
      .sort((a, b) => a - b);
    const median = ratios[ratios.length / 2]!;
    t.diagnostic(`${name}: ${median.toFixed(2)} of the mean`);
    assert.ok(median > 1 / 1.15 && median < 1.15, `${name} takes ${median.toFixed(2)} of the mean`);
  }
});

test('no password matches a decoy', async (t) => {
  const { authenticator } = authenticatorOf(t, { alice: 'pass' });
  for (let count = 0; count < 2; count++) {
    for (const password of ['', 'fakepassword', 'decoy', 'pass']) {
      assert.equal(await authenticator.judge([basic('eve', password)]), 'refused');
    }
  }
});
