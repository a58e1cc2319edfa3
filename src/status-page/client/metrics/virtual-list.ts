/** A row of a {@link VirtualList}. */
export interface Row {
  /** Unique in the list. */
  readonly key: string;
  readonly height: number;
  /** Whether the height is only a guess, and the element decides. */
  readonly isMeasured?: boolean;
}

/** How the rows of a list become elements. */
export interface RowView<R extends Row> {
  create(row: R): HTMLElement;
  /** Shows the latest values. */
  update(element: HTMLElement): void;
  /** Releases what the element no longer needs. */
  remove(element: HTMLElement): void;
}

/** Rows above and below the visible part that have elements, in pixels. */
const OVERSCAN = 240;
/** Printed rows; more would take minutes. */
const MAX_PRINTED = 1000;

/**
 * A list of any number of rows that scrolls with the document. Only the rows in sight have elements, which are moved to
 * their places.
 */
export class VirtualList<R extends Row> {
  readonly element = document.createElement('div');
  readonly #view: RowView<R>;
  readonly #elements = new Map<string, HTMLElement>();
  readonly #measured = new Map<string, number>();
  readonly #sizes = new ResizeObserver((entries) => this.#measure(entries));
  #rows: readonly R[] = [];
  /** Upper edges of the rows; the last entry is the height of all. */
  #tops = new Float64Array(1);
  #isPrinting = false;

  constructor(view: RowView<R>) {
    this.#view = view;
    this.element.className = 'virtual-list';
    this.element.setAttribute('role', 'list');
    window.addEventListener('scroll', () => this.#render(false), { passive: true });
    window.addEventListener('resize', () => this.#render(true));
    window.addEventListener('beforeprint', () => this.#print(true));
    window.addEventListener('afterprint', () => this.#print(false));
  }

  get rows(): readonly R[] {
    return this.#rows;
  }

  setRows(rows: readonly R[]): void {
    this.#rows = rows;
    this.#layOut();
    this.#render(true);
  }

  /** Shows the latest values of the rows in sight. */
  update(): void {
    this.#render(true);
  }

  /** Scrolls a row into view and moves the focus to its first button. */
  focus(index: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    const top = this.element.getBoundingClientRect().top + (this.#tops[index] ?? 0);
    const sticky = 130;
    if (top < sticky) window.scrollBy(0, top - sticky);
    else if (top + row.height > window.innerHeight) window.scrollBy(0, top + row.height - window.innerHeight + 16);
    this.#render(false);
    this.#elements.get(row.key)?.querySelector('button')?.focus({ preventScroll: true });
  }

  #layOut(): void {
    this.#tops = new Float64Array(this.#rows.length + 1);
    for (const [index, row] of this.#rows.entries()) {
      const measured = row.isMeasured ? this.#measured.get(row.key) : undefined;
      this.#tops[index + 1] = (this.#tops[index] ?? 0) + (measured ?? row.height);
    }
    this.element.style.height = this.#isPrinting ? 'auto' : `${this.#tops[this.#rows.length]}px`;
  }

  #render(isUpdate: boolean): void {
    if (!this.element.isConnected || this.element.closest('[hidden]')) return;
    const [first, last] = this.#isPrinting ? [0, Math.min(this.#rows.length, MAX_PRINTED)] : this.#visible();
    const kept = new Set<string>();
    for (let index = first; index < last; index++) {
      const row = this.#rows[index];
      if (row === undefined) continue;
      kept.add(row.key);
      this.#place(row, index, isUpdate);
    }
    for (const [key, element] of this.#elements) {
      if (kept.has(key)) continue;
      // The focus stays where it is while its row is scrolled out of sight.
      if (element.contains(document.activeElement) && this.#rows.some((row) => row.key === key)) continue;
      if (this.#measured.has(key)) this.#sizes.unobserve(element);
      element.remove();
      this.#view.remove(element);
      this.#elements.delete(key);
    }
  }

  #visible(): [first: number, last: number] {
    const top = -this.element.getBoundingClientRect().top;
    const first = this.#indexAt(top - OVERSCAN);
    const last = this.#indexAt(top + window.innerHeight + OVERSCAN);
    return [first, Math.min(last + 1, this.#rows.length)];
  }

  /** Returns the row at a distance from the top. */
  #indexAt(y: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #place(row: R, index: number, isUpdate: boolean): void {
    const known = this.#elements.get(row.key);
    const element = known ?? this.#create(row);
    element.style.transform = this.#isPrinting ? '' : `translateY(${this.#tops[index]}px)`;
    element.ariaSetSize = String(this.#rows.length);
    element.ariaPosInSet = String(index + 1);
    if (known === undefined || isUpdate) this.#view.update(element);
    if (known === undefined) this.#insert(element, index);
  }

  #create(row: R): HTMLElement {
    const element = this.#view.create(row);
    element.setAttribute('role', 'listitem');
    if (row.isMeasured) this.#sizes.observe(element);
    else element.style.height = `${row.height}px`;
    element.dataset['key'] = row.key;
    this.#elements.set(row.key, element);
    return element;
  }

  /** Inserts the element before those of later rows, so that the keyboard goes through them in order. */
  #insert(element: HTMLElement, index: number): void {
    for (let later = index + 1; later < this.#rows.length && later < index + 60; later++) {
      const next = this.#elements.get(this.#rows[later]?.key ?? '');
      if (next?.isConnected && next !== element) {
        this.element.insertBefore(element, next);
        return;
      }
    }
    this.element.append(element);
  }

  #measure(entries: readonly ResizeObserverEntry[]): void {
    let isChanged = false;
    for (const { target } of entries) {
      const key = target instanceof HTMLElement ? target.dataset['key'] : undefined;
      const height = target instanceof HTMLElement ? target.offsetHeight : 0;
      if (key === undefined || height === 0 || this.#measured.get(key) === height) continue;
      this.#measured.set(key, height);
      isChanged = true;
    }
    if (!isChanged) return;
    this.#layOut();
    this.#render(false);
  }

  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    this.#layOut();
    this.#render(true);
  }
}
