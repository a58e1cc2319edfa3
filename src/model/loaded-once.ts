/**
 * Returns a function that loads something when it is first called, and returns it from then on. A load that failed is
 * tried again by the next call.
 */
export function loadedOnce<T extends object>(load: () => Promise<T>): () => T | Promise<T> {
  let loaded: T | undefined;
  let loading: Promise<T> | undefined;
  return () => {
    if (loaded !== undefined) return loaded;
    loading ??= load().then(
      (value) => {
        loaded = value;
        return value;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
}
