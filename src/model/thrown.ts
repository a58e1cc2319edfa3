import { dataOf, inheritsFrom, isObject } from './inert.ts';
import { printable } from './printable.ts';

const MOST_CHARACTERS = 1000;
const MOST_STACK_CHARACTERS = 10_000;
/** Larger integers are not converted to text, because that takes time quadratic in their size. */
const MOST_BITS = 256;

/** Properties of a thrown value. Texts may contain any characters; long ones are truncated. */
export interface Thrown {
  readonly name: string | undefined;
  readonly message: string | undefined;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

const NOTHING: Thrown = { name: undefined, message: undefined, code: undefined, stack: undefined };

/**
 * Returns the text of a thrown value: its message, or its name and code. It is one line of limited length that is safe to
 * show anywhere. Any value may be thrown: none of its code is run, and this never throws.
 */
export function thrownText(thrown: unknown): string {
  const { name, message, code } = readThrown(thrown);
  if (message !== undefined && message !== '') return printable(message);
  const what = name === undefined || name === '' ? `a thrown ${typeof thrown}` : name;
  return printable(code === undefined ? what : `${what} (${code})`);
}

/** Returns the stack of a thrown value, or its text if it has none. Apart from line breaks it is as safe as the text. */
export function thrownStack(thrown: unknown): string {
  const { stack } = readThrown(thrown);
  return stack === undefined ? thrownText(thrown) : stack.split('\n').map(printable).join('\n');
}

/** Reads name, message, code and stack of a thrown value. None of its code is run, and this never throws. */
export function readThrown(thrown: unknown): Thrown {
  return isObject(thrown) ? readObject(thrown) : { ...NOTHING, message: primitiveText(thrown) };
}

/**
 * Returns a thrown value as an Error whose message is a string. An Error with such a message is returned unchanged; any other
 * value becomes the cause of a new Error with its text. A getter for the message is called here, once, so that logging the
 * error does not call it. Without a text, the message is `otherwise`.
 */
export function asError(thrown: unknown, otherwise = 'A value that is not an Error was thrown.'): Error {
  if (!isObject(thrown)) return new Error(readThrown(thrown).message ?? otherwise);
  return isSound(thrown) ? thrown : new Error(messageAsked(thrown) ?? otherwise, { cause: thrown });
}

function isSound(thrown: object): thrown is Error {
  return typeof dataOf(thrown, 'message') === 'string' && inheritsFrom(thrown, Error.prototype);
}

function messageAsked(thrown: object): string | undefined {
  try {
    return textIn((thrown as { readonly message?: unknown }).message);
  } catch {
    return undefined;
  }
}

function readObject(thrown: object): Thrown {
  const name = dataOf(thrown, 'name');
  const code = dataOf(thrown, 'code');
  const message = dataOf(thrown, 'message');
  // Engines format a stack when it is first read, with name and message in its first line: they would call getters.
  const hasPlainHead = typeof name === 'string' && message !== undefined && !isObject(message);
  const stack = hasPlainHead ? dataOf(thrown, 'stack') : undefined;
  return {
    name: typeof name === 'string' && typeof thrown === 'object' ? bounded(name) : undefined,
    message: textIn(message),
    code: typeof code === 'string' || typeof code === 'number' ? bounded(String(code)) : undefined,
    stack: typeof stack === 'string' ? bounded(stack, MOST_STACK_CHARACTERS) : undefined,
  };
}

/** Returns the text of a property if it is a primitive value. */
function textIn(value: unknown): string | undefined {
  return isObject(value) || value === undefined || value === null ? undefined : primitiveText(value);
}

function primitiveText(value: unknown): string {
  const isLarge = typeof value === 'bigint' && value !== BigInt.asIntN(MOST_BITS, value);
  return isLarge ? 'a large integer' : bounded(String(value));
}

function bounded(text: string, most = MOST_CHARACTERS): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/**
 * Calls a function of the user, such as a listener or a logger. Values that it throws, or that its promise rejects with, are
 * passed to `onThrown` and do not propagate.
 */
export function callUserCode(call: () => unknown, onThrown: (thrown: unknown) => void = () => {}): void {
  void contained(call, onThrown);
}

async function contained(call: () => unknown, onThrown: (thrown: unknown) => void): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    onThrown(thrown);
  }
}
