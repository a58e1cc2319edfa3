/** A minimal protobuf writer for tests. */
export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

export function zigzag(value: number): number[] {
  return varint(value < 0 ? -2 * value - 1 : 2 * value);
}

export function field(number: number, bytes: readonly number[] | string): number[] {
  const content = typeof bytes === 'string' ? [...Buffer.from(bytes)] : bytes;
  return [...varint(number * 8 + 2), ...varint(content.length), ...content];
}

export function integer(number: number, value: number | bigint): number[] {
  return [...varint(number * 8), ...varint(value)];
}

export function signed(number: number, value: number): number[] {
  return [...varint(number * 8), ...zigzag(value)];
}

export function double(number: number, value: number): number[] {
  return [...varint(number * 8 + 1), ...new Uint8Array(Float64Array.of(value).buffer)];
}

export function delimited(...messages: (readonly number[])[]): Uint8Array {
  return Uint8Array.from(messages.flatMap((message) => [...varint(message.length), ...message]));
}
