import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PieceBuffer } from '../../../src/exposition/bytes/piece-buffer.ts';
import { takeAll } from '../drain.ts';

const bytesOf = (count: number, of = 'x') => Buffer.alloc(count, of);

function delimited(message: Buffer): Buffer {
  const length = new PieceBuffer();
  length.varint(message.length);
  return Buffer.concat([length.take(), message]);
}

test('bytes before a message can be taken while it is written, and the message when it ends', () => {
  const buffer = new PieceBuffer();
  buffer.bytes(bytesOf(10));
  buffer.openMessage();
  buffer.bytes(bytesOf(5, 'a'));
  assert.equal(buffer.length, 10);
  assert.deepEqual(buffer.take(), bytesOf(10));
  assert.deepEqual([buffer.length, buffer.take()], [0, Buffer.alloc(0)]);
  buffer.bytes(bytesOf(5, 'b'));
  buffer.closeMessage();
  assert.deepEqual(buffer.take(), delimited(Buffer.from('aaaaabbbbb')));
});

test('a long message is taken in pieces, none much longer than requested', () => {
  const buffer = new PieceBuffer({ capacity: 16, pieceBytes: 1000 });
  buffer.openMessage();
  for (let part = 0; part < 100; part++) {
    buffer.putAside();
    buffer.bytes(bytesOf(300, String(part % 10)));
  }
  assert.equal(buffer.length, 0);
  buffer.closeMessage();
  const pieces: Buffer[] = [];
  while (buffer.length > 0) pieces.push(buffer.take());
  assert.ok(Math.max(...pieces.map(({ length }) => length)) < 1300);
  const message = Buffer.concat(Array.from({ length: 100 }, (_, part) => bytesOf(300, String(part % 10))));
  assert.deepEqual(Buffer.concat(pieces), delimited(message));
});

test('pieces do not change when more is written', () => {
  const buffer = new PieceBuffer({ capacity: 16, pieceBytes: 1 });
  buffer.bytes(bytesOf(3, 'a'));
  buffer.openMessage();
  buffer.bytes(bytesOf(3, 'b'));
  buffer.putAside();
  buffer.bytes(bytesOf(3, 'c'));
  buffer.closeMessage();
  const first = buffer.take();
  buffer.bytes(bytesOf(3, 'd'));
  assert.deepEqual(first, bytesOf(3, 'a'));
  assert.deepEqual(takeAll(buffer), Buffer.concat([delimited(Buffer.from('bbbccc')), bytesOf(3, 'd')]));
});

test('a long message whose length can be found out is taken before its end', () => {
  const buffer = new PieceBuffer({ capacity: 16, pieceBytes: 1000, messageLength: () => 3000 });
  buffer.bytes(bytesOf(3, 'a'));
  buffer.openMessage();
  const taken: Buffer[] = [];
  for (let part = 0; part < 10; part++) {
    buffer.putAside();
    const { position } = buffer;
    buffer.bytes(bytesOf(500, 'x'));
    buffer.rewind(position);
    buffer.bytes(bytesOf(300, String(part)));
    taken.push(buffer.take());
  }
  assert.ok(Buffer.concat(taken).length > 2000);
  buffer.closeMessage();
  buffer.openMessage();
  buffer.bytes(bytesOf(3, 'b'));
  buffer.closeMessage();
  const message = Buffer.concat(Array.from({ length: 10 }, (_, part) => bytesOf(300, String(part))));
  const expected = [bytesOf(3, 'a'), delimited(message), delimited(bytesOf(3, 'b'))];
  assert.deepEqual(Buffer.concat([...taken, takeAll(buffer)]), Buffer.concat(expected));
});

test('a dropped message leaves nothing behind', () => {
  const buffer = new PieceBuffer();
  buffer.bytes(bytesOf(3));
  buffer.openMessage();
  buffer.bytes(bytesOf(200));
  buffer.dropMessage();
  buffer.bytes(bytesOf(3));
  assert.deepEqual(buffer.take(), bytesOf(6));
});

test('the bytes are the same for any size of pieces, whenever they are taken', () => {
  const parts = fc.array(fc.record({ length: fc.nat({ max: 300 }), isTaken: fc.boolean() }), { maxLength: 20 });
  const messages = fc.array(fc.record({ before: fc.nat({ max: 50 }), parts }), { maxLength: 10 });
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 1000 }), (written, pieceBytes) => {
      const buffer = new PieceBuffer({ capacity: 8, pieceBytes });
      const taken: Buffer[] = [];
      const expected: Buffer[] = [];
      for (const [nth, { before, parts }] of written.entries()) {
        buffer.bytes(bytesOf(before, 'x'));
        buffer.openMessage();
        for (const { length, isTaken } of parts) {
          buffer.putAside();
          const { position } = buffer;
          buffer.bytes(bytesOf(length, 'y'));
          buffer.rewind(position);
          buffer.bytes(bytesOf(length, String(nth)));
          if (isTaken) taken.push(buffer.take());
        }
        buffer.closeMessage();
        const message = Buffer.concat(parts.map(({ length }) => bytesOf(length, String(nth))));
        expected.push(bytesOf(before, 'x'), delimited(message));
      }
      assert.deepEqual(Buffer.concat([...taken, takeAll(buffer)]), Buffer.concat(expected));
    }),
  );
});
