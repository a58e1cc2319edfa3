import { crc32 } from 'node:zlib';
import { Field } from '../../../exposition/snapshot/snapshot-field.ts';
import { checkedDescriptor } from '../../../model/checked-descriptor.ts';
import type { Exemplar } from '../../../model/family.ts';
import { LabelValues } from '../../../model/label-values.ts';
import { isSameNames } from '../../../model/labels.ts';
import { type Block, FamilyColumns, type RowExemplars, rowWidth, type Shape } from './family-columns.ts';
import { nativeOffsets } from './native-numbers.ts';
import type { Snapshot } from './snapshot.ts';
import { CHECKSUM_BYTES, HEAD_AT, isSnapshot, MAGIC, snapshotLength, UNCHANGED } from './snapshot-bytes.ts';

const NUMBER_BYTES = 8;

/**
 * Reads a snapshot. `known` is the latest snapshot of the same process, if there is one: parts that have not changed since
 * are taken from it. The bytes may come from another version, or be damaged.
 *
 * @throws {Error} that says what is wrong with them.
 */
export function readSnapshot(bytes: Buffer, known?: Snapshot): Snapshot {
  checkFrame(bytes);
  const headEnd = HEAD_AT + bytes.readUInt32LE(MAGIC.length + 4);
  const head = new Field('head', JSON.parse(bytes.toString('utf8', HEAD_AT, headEnd)));
  const number = (name: string) => head.get(name).number();
  const base = number('base');
  if (base > 0 && known?.sequence !== base) throw new Error(`a snapshot since ${base} cannot be read without it.`);
  const parts = new Parts(bytes.subarray(headEnd, bytes.length - CHECKSUM_BYTES));
  const earlier = base > 0 ? known : undefined;
  return {
    slot: number('slot'),
    incarnation: head.get('incarnation').text(),
    sequence: number('sequence'),
    joinedAt: number('joinedAt'),
    takenAt: number('takenAt'),
    folded: head.get('folded').list((field) => field.text()),
    families: readFamilies(head.get('families'), parts, earlier?.families),
    departed: readFamilies(head.get('departed'), parts, earlier?.departed),
  };
}

function checkFrame(bytes: Buffer): void {
  if (!isSnapshot(bytes)) {
    throw new Error('it is not a snapshot of this version of zeroprom; use the same version in all processes.');
  }
  if (bytes.length < HEAD_AT + CHECKSUM_BYTES || snapshotLength(bytes) !== bytes.length) {
    throw new Error(`it is incomplete: got ${bytes.length} bytes.`);
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw new Error('its checksum is wrong.');
  if (bytes.readUInt32LE(MAGIC.length + 4) > end - HEAD_AT) throw new Error('its head is incomplete.');
}

/** The parts of families, one after another. */
class Parts {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Returns the next part; undefined if the reader has it already. */
  next(length: number): Buffer | undefined {
    if (length === UNCHANGED) return undefined;
    const end = this.#at + length;
    if (!(length >= 0 && end <= this.#bytes.length)) throw new Error(`a part of it must have ${length} bytes.`);
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

function readFamilies(
  list: Field,
  parts: Parts,
  known: ReadonlyMap<string, FamilyColumns> | undefined,
): ReadonlyMap<string, FamilyColumns> {
  const families = list.list((lengths) => {
    const [name, ...sizes] = lengths.list((field) => field);
    const text = name?.text() ?? '';
    const [structure, numbers, exemplars] = sizes.map((size) => parts.next(size.number()));
    return [text, readFamily(text, { structure, numbers, exemplars }, known?.get(text))] as const;
  });
  return new Map(families);
}

interface FamilyParts {
  readonly structure: Buffer | undefined;
  readonly numbers: Buffer | undefined;
  readonly exemplars: Buffer | undefined;
}

function readFamily(name: string, parts: FamilyParts, known: FamilyColumns | undefined): FamilyColumns {
  const { structure, numbers, exemplars } = parts;
  if (structure === undefined && numbers === undefined && exemplars === undefined && known !== undefined) return known;
  const { descriptor, blocks } = structure === undefined ? existing(name, known) : readStructure(name, structure);
  const lists = numbers && readNumbers(numbers, blocks.length);
  const rows = exemplars && readExemplars(exemplars, blocks.length);
  const complete = blocks.map((block, index) => ({
    ...block,
    numbers: lists?.[index] ?? known?.blocks[index]?.numbers ?? new Float64Array(0),
    exemplars: rows?.[index] ?? known?.blocks[index]?.exemplars ?? new Map(),
  }));
  for (const block of complete) checkNumbers(name, block, rowWidth(descriptor.type, block.shape));
  return new FamilyColumns(descriptor, complete);
}

function existing(name: string, known: FamilyColumns | undefined): FamilyColumns {
  if (known === undefined) throw new Error(`family ${name} is not known yet.`);
  return known;
}

type Structure = Pick<FamilyColumns, 'descriptor'> & {
  readonly blocks: readonly Omit<Block, 'numbers' | 'exemplars'>[];
};

function readStructure(name: string, bytes: Buffer): Structure {
  const family = new Field(name, JSON.parse(bytes.toString()));
  const text = (key: string) => family.get(key).optional((field) => field.text());
  const [help, type, unit, acrossWorkers] = ['help', 'type', 'unit', 'acrossWorkers'].map(text);
  const descriptor = checkedDescriptor({ name, help, type, unit, acrossWorkers });
  return { descriptor, blocks: family.get('blocks').list(readBlock) };
}

function readBlock(block: Field): Omit<Block, 'numbers' | 'exemplars'> {
  const names = block.get('names').list((field) => field.text());
  const values = block.get('values').list(readValues);
  const ids = Int32Array.from(block.get('ids').numbers());
  const startTimes = Float64Array.from(
    block.get('startTimes').list((field) => field.optional((time) => time.number()) ?? Number.NaN),
  );
  if (values.length !== names.length || ids.length !== names.length * startTimes.length) {
    throw new Error(`${block.path} must have a value of each label for each row.`);
  }
  for (let at = 0; at < ids.length; at++) {
    if (values[at % names.length]?.texts[ids[at]!] !== undefined) continue;
    throw new Error(`${block.path} has no value with id ${ids[at]}.`);
  }
  return { names, values, ids, startTimes, shape: readShape(block.get('shape')) };
}

function readValues(list: Field): LabelValues {
  const values = new LabelValues();
  const texts = list.list((field) => field.text());
  for (const text of texts) values.intern(text);
  if (!isSameNames(values.texts, texts)) throw new Error(`${list.path} must have each value once.`);
  return values;
}

function readShape(shape: Field): Shape {
  return {
    bounds: shape.get('bounds').numbers(),
    states: shape.get('states').list((field) => field.text()),
    isNative: shape.get('isNative').boolean(),
    hasSetTimes: shape.get('hasSetTimes').boolean(),
  };
}

function readNumbers(bytes: Buffer, count: number): Float64Array[] {
  if (bytes.length % NUMBER_BYTES !== 0) throw new Error(`numbers must have 8 bytes each, got ${bytes.length}.`);
  const all = new Float64Array(bytes.length / NUMBER_BYTES); // A copy: the bytes may not be aligned.
  new Uint8Array(all.buffer).set(bytes);
  const lists: Float64Array[] = [];
  let at = 0;
  for (let block = 0; block < count; block++) {
    const length = all[at] ?? Number.NaN;
    const end = at + 1 + length;
    if (!(length >= 0 && end <= all.length)) throw new Error(`a block must have ${length} numbers.`);
    lists.push(all.subarray(at + 1, end));
    at = end;
  }
  return lists;
}

function checkNumbers(name: string, { numbers, startTimes, shape }: Block, width: number): void {
  const rows = startTimes.length;
  if (numbers.length < rows * width) {
    throw new Error(`${name} must have ${rows * width} numbers, got ${numbers.length}.`);
  }
  if (shape.isNative) nativeOffsets(numbers, rows, width);
}

function readExemplars(bytes: Buffer, count: number): Map<number, RowExemplars>[] {
  const blocks = Array.from(
    { length: count },
    () => new Map<number, { readonly slots: (Exemplar | undefined)[]; readonly native: Exemplar[] }>(),
  );
  if (bytes.length === 0) return blocks;
  for (const fields of new Field('exemplars', JSON.parse(bytes.toString())).list((row) => row.list((field) => field))) {
    const [block = -1, row = -1, slot = -1] = fields.slice(0, 3).map((field) => field.number());
    const exemplar = readExemplar(fields);
    const rows = blocks[block];
    if (rows === undefined || exemplar === undefined)
      throw new Error('an exemplar must have a block, labels and a value.');
    const kept = rows.get(row) ?? { slots: [], native: [] };
    rows.set(row, kept);
    if (slot < 0) kept.native.push(exemplar);
    else kept.slots[Math.min(slot, bytes.length)] = exemplar;
  }
  return blocks;
}

function readExemplar([, , , labels, value, timestamp]: readonly Field[]): Exemplar | undefined {
  if (labels === undefined || value === undefined) return undefined;
  const pairs = labels.list((pair) => pair.list((text) => text.text()));
  return {
    labels: Object.fromEntries(pairs.map(([name = '', text = '']) => [name, text])),
    value: Number(value.text()),
    timestamp: timestamp?.optional((time) => time.number()),
  };
}
