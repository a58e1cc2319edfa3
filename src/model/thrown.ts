import { dataOf, inheritsFrom, isObject } from './inert.ts';
import { printable } from './printable.ts';

const MOST_CHARACTERS = 1000;
const MOST_STACK_CHARACTERS = 10_000;
/** Larger integers are not written out: that takes the longer the larger they are. */
const MOST_BITS = 256;

/** What may be told of a thrown value. The texts are as they were thrown, with any characters, but cut where they are long. */
export interface Thrown {
  readonly name: string | undefined;
  readonly message: string | undefined;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

const NOTHING: Thrown = { name: undefined, message: undefined, code: undefined, stack: undefined };

/**
 * The text of a thrown value, in one line of limited length that is safe to show anywhere: its message, or else its name
 * and code. Anything can be thrown: no code of the value runs, and this never throws.
 */
export function thrownText(thrown: unknown): string {
  const { name, message, code } = readThrown(thrown);
  if (message !== undefined && message !== '') return printable(message);
  const what = name === undefined || name === '' ? `a thrown ${typeof thrown}` : name;
  return printable(code === undefined ? what : `${what} (${code})`);
}

/** The stack of a thrown value, with its line breaks and otherwise as safe as its text, which stands in where there is none. */
export function thrownStack(thrown: unknown): string {
  const { stack } = readThrown(thrown);
  return stack === undefined ? thrownText(thrown) : stack.split('\n').map(printable).join('\n');
}

/** Reads name, message, code and stack of a thrown value. No code of the value runs, and this never throws. */
export function readThrown(thrown: unknown): Thrown {
  return isObject(thrown) ? readObject(thrown) : { ...NOTHING, message: primitiveText(thrown) };
}

/**
 * A thrown value as an Error whose message is a string. An Error of which that is true is returned as it is. Any other
 * value becomes the cause of a new Error with its text: a message that is made up in a getter is asked for here, once, so
 * that nothing needs to ask when the error is logged. Where there is no text, the message is `otherwise`.
 */
export function asError(thrown: unknown, otherwise = 'Something was thrown that is not an Error.'): Error {
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
  return {
    name: typeof name === 'string' && typeof thrown === 'object' ? bounded(name) : undefined,
    message: textIn(dataOf(thrown, 'message')),
    code: typeof code === 'string' || typeof code === 'number' ? bounded(String(code)) : undefined,
    stack: hasPlainHead(thrown) ? stackIn(thrown) : undefined,
  };
}

/** Engines make a stack when it is first read, and its first line of name and message: they would call getters of these. */
function hasPlainHead(thrown: object): boolean {
  const message = dataOf(thrown, 'message');
  return typeof dataOf(thrown, 'name') === 'string' && message !== undefined && !isObject(message);
}

function stackIn(thrown: object): string | undefined {
  const stack = dataOf(thrown, 'stack');
  return typeof stack === 'string' ? bounded(stack, MOST_STACK_CHARACTERS) : undefined;
}

/** The text of a property, where it is a primitive value. */
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
 * Calls a function of the user's, such as a listener or a logger. What it throws, or what its promise rejects with, goes to
 * `onThrown` and no further.
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
