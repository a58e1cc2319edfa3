import { PushClient, type PushRequest } from '../delivery/push-client.ts';
import type { PushResponse } from '../delivery/push-response.ts';

/** Answer to an export that the receiver has accepted, with or without exceptions. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const PARTIAL_SUCCESS = 1;
const REJECTED = 1;
const MESSAGE = 2;
/** google.rpc.Status.message. */
const STATUS_MESSAGE = 2;

/** Sends export requests. The explanations of receivers are shown as text, also if they are protobuf. */
export class OtlpClient extends PushClient {
  override async send(request: PushRequest): Promise<PushResponse> {
    const response = await super.send(request);
    if (response.status < 400 || !isProtobuf(response)) return response;
    const message = fieldOf(response.bytes, STATUS_MESSAGE);
    return typeof message === 'object' ? { ...response, body: Buffer.from(message).toString() } : response;
  }
}

/** Whether a request is to be sent again (OTLP: Retryable Response Codes). */
export function isRetryable(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Reads a response. Receivers may answer without a body, or with another one: nothing was rejected then. */
export function partialSuccessOf(response: PushResponse): PartialSuccess {
  const found = isProtobuf(response) ? fromProtobuf(response.bytes) : fromJson(response.body);
  const rejected = Number.isSafeInteger(found.rejected) ? Math.max(0, found.rejected) : 0;
  return { rejected, message: found.message };
}

function isProtobuf({ headers }: PushResponse): boolean {
  return /^application\/(x-)?protobuf\b/.test(headers['content-type'] ?? '');
}

function fromProtobuf(body: Uint8Array): PartialSuccess {
  const partial = fieldOf(body, PARTIAL_SUCCESS);
  if (typeof partial !== 'object') return { rejected: 0, message: '' };
  const [rejected, message] = [fieldOf(partial, REJECTED), fieldOf(partial, MESSAGE)];
  return {
    rejected: typeof rejected === 'number' ? rejected : 0,
    message: typeof message === 'object' ? Buffer.from(message).toString() : '',
  };
}

function fromJson(body: string): PartialSuccess {
  const partial = propertyOf(parsed(body), 'partialSuccess');
  const message = propertyOf(partial, 'errorMessage');
  return {
    rejected: Number(propertyOf(partial, 'rejectedDataPoints') ?? 0),
    message: typeof message === 'string' ? message : '',
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Returns the last varint or length-prefixed field with a number; undefined if there is none. */
function fieldOf(message: Uint8Array, number: number): number | Uint8Array | undefined {
  let found: number | Uint8Array | undefined;
  for (const field of fieldsIn(message)) if (field.number === number) found = field.value;
  return found;
}

const VARINT = 0;
const LENGTH_PREFIXED = 2;
/** Lengths of the other wire types; groups have none, and end the message. */
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
]);

/** Reads fields until the message ends or is malformed. */
function* fieldsIn(message: Uint8Array): Generator<{ readonly number: number; readonly value: number | Uint8Array }> {
  const position = { at: 0 };
  while (position.at < message.length) {
    const key = varintAt(message, position);
    const [number, type] = [Math.floor(key / 8), key % 8];
    if (type === VARINT) {
      yield { number, value: varintAt(message, position) };
      continue;
    }
    const length = type === LENGTH_PREFIXED ? varintAt(message, position) : FIXED_LENGTHS.get(type);
    const start = position.at;
    if (length === undefined || !(start + length <= message.length)) return;
    position.at += length;
    if (type === LENGTH_PREFIXED) yield { number, value: message.subarray(start, position.at) };
  }
}

/** Returns NaN if the message ends too early. */
function varintAt(message: Uint8Array, position: { at: number }): number {
  let value = 0;
  for (let factor = 1; position.at < message.length; factor *= 128) {
    const byte = message[position.at++]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  return Number.NaN;
}
