/** Returns the number of counted requests of an exposition by `method route status_code`. */
export function countedRequests(exposition: string): Record<string, number> {
  const lines = exposition.matchAll(
    /^http_request_duration_seconds_count\{method="(.*?)",route="(.*?)",status_code="(.*?)"\} (\d+)$/gm,
  );
  return Object.fromEntries(
    [...lines].map(([, method, route, code, count]) => [`${method} ${route} ${code}`, Number(count)]),
  );
}
