import { printable } from '../model/printable.ts';

const FRAME = /^\s*at (?:(.*) \()?(.+?):(\d+):\d+\)?$/;
/** Path of this file within the package, as source and as built. */
const OWN_PATH = /registry[\\/]origin\.[cm]?[jt]s$/;
/** Functions of this package between a registration and its caller, if a bundler has moved them to another file. */
const OWN_FUNCTIONS = /^new |\.(?:start|register|getOrCreate)$/;
const OTHER_COPY = /[\\/]zeroprom[\\/]dist[\\/]/;

/**
 * The place in a program where a metric was registered, for error messages. Keeps a stack that the engine formats only
 * when it is read: capturing it takes microseconds, formatting much longer.
 */
export class Origin {
  readonly #captured: { readonly stack?: unknown };

  /** @param below the function whose caller is the first place to consider. */
  constructor(below: (...args: never[]) => unknown) {
    this.#captured = capture(below);
  }

  /** The place as `file:line`, undefined if the engine does not tell. */
  get place(): string | undefined {
    const frames = framesOf(this.#captured);
    const [own] = framesOf(new Error());
    const root = own !== undefined && OWN_PATH.test(own.file) ? own.file.replace(OWN_PATH, '') : undefined;
    const isOwn = ({ file, call }: Frame) =>
      OTHER_COPY.test(file) || (root === undefined ? OWN_FUNCTIONS.test(call) : file.startsWith(root));
    const frame = frames.find((candidate) => !isOwn(candidate));
    return frame && printable(`${frame.file.replace(/^file:\/\//, '')}:${frame.line}`);
  }
}

interface Frame {
  readonly call: string;
  readonly file: string;
  readonly line: string;
}

function capture(below: (...args: never[]) => unknown): { readonly stack?: unknown } {
  if (typeof Error.captureStackTrace !== 'function') return new Error('Registered');
  const captured: { stack?: unknown } = {};
  Error.captureStackTrace(captured, below);
  return captured;
}

/** A program can replace the function that formats stacks, which may then be anything. */
function framesOf(captured: { readonly stack?: unknown }): Frame[] {
  try {
    const { stack } = captured;
    if (typeof stack !== 'string') return [];
    return stack.split('\n').flatMap((text) => {
      const [, call = '', file = '', line = ''] = FRAME.exec(text) ?? [];
      return file === '' ? [] : [{ call, file, line }];
    });
  } catch {
    return [];
  }
}
