/**
 * A point's time as most formats have it. Undefined for times before 1970, whose sign fails the whole scrape of a
 * server that reads text, and for what is no time.
 */
export function millisecondsOf(seconds: number): number | undefined {
  const milliseconds = Math.round(seconds * 1000);
  return milliseconds >= 0 && Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** Whether OpenMetrics can show the time, also one before 1970: servers keep milliseconds in 64 bits. */
export function isShownTime(seconds: number): boolean {
  return Number.isSafeInteger(Math.round(seconds * 1000));
}
