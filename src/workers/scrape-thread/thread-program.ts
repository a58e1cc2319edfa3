/** Ending of compiled or source files. */
const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/** The program of a scrape thread. The build replaces this module by one that has the program's code as text. */
export const threadProgram: { readonly code: string } | { readonly url: URL } = {
  url: new URL(`../../exporter/scrape-thread/program${ending}`, import.meta.url),
};
