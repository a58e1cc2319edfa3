/** Lines that begin with a name and a number, as the kernel writes them: `VmRSS:     61440 kB`, `nr_periods 12`. */
export class KeyedNumbers {
  readonly #text: string;

  /** Of no text there are no numbers. */
  constructor(text = '') {
    this.#text = `\n${text}`;
  }

  /** Undefined where there is no such line. */
  number(name: string): number | undefined {
    const start = this.#text.indexOf(`\n${name}`) + name.length + 1;
    const separator = this.#text[start];
    if (start <= name.length || (separator !== ':' && separator !== ' ')) return undefined;
    const value = Number.parseInt(this.#text.slice(start + 1, start + 40), 10);
    return Number.isNaN(value) ? undefined : value;
  }

  /** Of a line whose number is in kB, 1024 bytes each. */
  bytes(name: string): number | undefined {
    const kilobytes = this.number(name);
    return kilobytes === undefined ? undefined : kilobytes * 1024;
  }

  /** Of a line whose number is in microseconds. */
  seconds(name: string): number | undefined {
    const microseconds = this.number(name);
    return microseconds === undefined ? undefined : microseconds / 1e6;
  }
}
