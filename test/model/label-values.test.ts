/** The values of a label and a Map agree after the same random operations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LabelInput } from '../../src/model/index.ts';
import { LabelValues } from '../../src/model/index.ts';

/** How the values of a label are written; some of these agree in the characters that a table of texts looks at. */
const KINDS: Readonly<Record<string, (index: number) => string>> = {
  'end in their number': (index) => `connection ${index}`,
  'agree in length, end and middle': (index) => `${String(index).padStart(5, '0')}-m-same-end`,
  'agree in pairs': (index) =>
    `${String(index >> 1).padStart(4, '0')}${index % 2}-m-${String(index >> 1).padStart(4, '0')}`,
  'are numbers': String,
  'are of one or two characters': (index) =>
    String.fromCharCode(...(index < 256 ? [index] : [index >> 8, index & 255])),
  'are long': (index) => `/${index}${'/path'.repeat(1 + (index % 100))}`,
  'are not ASCII': (index) => `ключ-${index}-😀`,
};

/** Values, and two Maps with the ids that look-ups by text and by another value should find. */
class Subject {
  values = new LabelValues();
  texts = new Map<string, number>();
  others = new Map<number | boolean, number>();

  intern(text: string): void {
    const id = this.values.intern(text);
    assert.equal(id, this.texts.get(text) ?? this.texts.size);
    this.texts.set(text, id);
  }

  alias(value: number | boolean): void {
    this.values.alias(value, String(value));
    const id = this.texts.get(String(value));
    if (id !== undefined) this.others.set(value, id);
  }

  retain(isKept: (id: number) => boolean): void {
    const kept = [...this.texts.values()].filter(isKept);
    const known = [...this.texts.keys()];
    this.values.retain(kept);
    this.texts = new Map(kept.map((id, newId) => [known[id] ?? '', newId]));
    this.others.clear();
  }

  check(value: LabelInput): void {
    const expected = typeof value === 'string' ? this.texts.get(value) : this.others.get(value);
    assert.equal(this.values.idOf(value), expected, `the id of ${JSON.stringify(value)}`);
  }

  checkAll(): void {
    assert.deepEqual(this.values.texts, [...this.texts.keys()]);
    for (const text of this.texts.keys()) this.check(built(text));
    for (const value of this.others.keys()) this.check(value);
  }
}

type Action = readonly [name: string, act: (subject: Subject, textOf: (index: number) => string) => void];

const index = fc.nat(1500);
const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(index, fc.oneof(fc.nat(12), fc.nat(300))).map(
      ([from, count]): Action => [
        `intern ${from}..${from + count}`,
        (subject, textOf) => {
          for (let at = from; at < from + count; at++) {
            subject.check(built(textOf(at)));
            subject.intern(built(textOf(at)));
            subject.check(textOf(at));
          }
        },
      ],
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(9), fc.nat(9))
      .map(
        ([part, parts]): Action => [
          `retain ids that leave ${part} of ${parts + 1}`,
          (subject) => subject.retain((id) => id % (parts + 1) === part),
        ],
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(400)
      .map((most): Action => [`retain the first ${most}`, (subject) => subject.retain((id) => id < most)]),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.nat(300), fc.boolean(), fc.constantFrom(0.5, Number.NaN, -1)).map(
      (value): Action => [
        `alias ${value}`,
        (subject) => {
          if (typeof value === 'boolean') subject.intern(String(value));
          subject.alias(value);
          subject.check(value);
        },
      ],
    ),
  },
  { weight: 3, arbitrary: index.map((at): Action => [`check ${at}`, (subject, textOf) => subject.check(textOf(at))]) },
);

for (const [kind, textOf] of Object.entries(KINDS)) {
  test(`look-ups find the values that are kept, and no others, where they ${kind}`, () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 40, size: 'max' }), (sequence) => {
        const subject = new Subject();
        for (const [, act] of sequence) act(subject, textOf);
        subject.checkAll();
      }),
      { numRuns: 60 },
    );
  });

  test(`values that come and go are found, where they ${kind}`, () => {
    for (const alive of [1, 3, 50, 500]) {
      const subject = new Subject();
      for (let next = 0; next < 10 * alive; next += alive) {
        for (let at = next; at < next + alive; at++) subject.intern(built(textOf(at)));
        subject.checkAll();
        for (let at = next; at < next + alive; at++) subject.check(built(textOf(at + alive)));
        subject.retain((id) => id >= subject.texts.size - alive);
        subject.checkAll();
      }
    }
  });
}

test('a value that was forgotten is not found by any of its forms', () => {
  const subject = new Subject();
  for (const text of ['200', '404', 'true', 'GET']) subject.intern(text);
  for (const value of [200, 404, true]) subject.alias(value);
  subject.retain((id) => id === 1);
  assert.deepEqual(
    ['200', 200, 'true', true, 'GET', '404', 404].map((value) => subject.values.idOf(value)),
    [undefined, undefined, undefined, undefined, undefined, 0, undefined],
  );
  subject.alias(404);
  subject.check(404);
});

test('values of which too many agree are found before and after', () => {
  const subject = new Subject();
  const texts = Array.from({ length: 1000 }, (_, at) => (at < 400 ? `different ${at}` : `${1000 + at} - the same end`));
  for (const text of texts) {
    subject.intern(text);
    if (subject.texts.size % 50 === 0) subject.checkAll();
  }
  subject.checkAll();
});

/** Returns an equal string that the engine has just built. */
function built(text: string): string {
  return [...text.slice(0, 3)].join('') + text.slice(3);
}
