import type { LabelObject } from '../series/label-arguments.ts';

/** Starts a timer. The function that it returns calls `end` with the elapsed seconds and its own arguments, and returns the seconds. */
export function startTimer<Labels extends readonly unknown[]>(
  end: (seconds: number, ...labels: Labels) => void,
): (...labels: Labels) => number {
  // Not imported, because fake timers replace the property.
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
