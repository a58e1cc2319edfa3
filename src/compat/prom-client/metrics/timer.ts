import type { LabelObject } from '../series/label-arguments.ts';

/** Starts a timer. The function it returns passes the seconds since then to `end`, with its own arguments, and returns them. */
export function startTimer<Labels extends readonly unknown[]>(
  end: (seconds: number, ...labels: Labels) => void,
): (...labels: Labels) => number {
  // Asked for at the call, as fake timers replace it.
  const start = process.hrtime();
  return (...labels) => {
    const [seconds, nanoseconds] = process.hrtime(start);
    const value = seconds + nanoseconds / 1e9;
    end(value, ...labels);
    return value;
  };
}

/** Labels of the start and the end of a timer; those of the end have precedence. */
export function bothLabels(start: unknown, end: unknown): LabelObject {
  return Object.assign({}, start, end);
}
