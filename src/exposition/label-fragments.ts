import type { Fragment, LabelValue } from '../model/labels.ts';
import { ByteWriter } from './byte-writer.ts';
import { FragmentPool } from './fragment.ts';
import { writeLabelPair } from './protobuf-messages.ts';
import { labelToken } from './quoting.ts';

const pool = new FragmentPool();

/** `method="GET",`: a label as the text formats write it, made once for each distinct value. */
export function lineLabel(value: LabelValue, name: string): Fragment {
  if (value.line?.label !== name) value.line = pool.of(`${labelToken(name, value.text)},`, name);
  return value.line;
}

/** A label as protobuf writes it, made once for each distinct value; `key` is the field's. */
export function messageLabel(value: LabelValue, name: string, key: number): Fragment {
  if (value.message?.label !== name) value.message = pool.ofBytes(messageOf(value, name, key), name);
  return value.message;
}

function messageOf({ text }: LabelValue, name: string, key: number): Buffer {
  const writer = new ByteWriter(64);
  writeLabelPair(writer, key, name, text);
  return writer.take();
}
