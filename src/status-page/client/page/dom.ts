type Child = Node | string | undefined | false;

/** Creates an element. Strings become text, never HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Sets attributes; `undefined` and `false` remove them. */
export function setAttributes(
  element: Element,
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value))
      element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Changes the text only if it is another one, so that a selection stays. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether a key belongs to the control that has the focus, so that it is not a shortcut. */
export function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches('input, select, textarea');
}

/**
 * Makes the children of an element those of the items, in their order. The element of an item is created once and then
 * updated, so that the focus and a selection stay.
 */
export class KeyedChildren<T> {
  readonly #parent: Element;
  readonly #create: (item: T) => HTMLElement;
  readonly #update: (element: HTMLElement, item: T) => void;
  #elements = new Map<string, HTMLElement>();

  constructor(
    parent: Element,
    create: (item: T) => HTMLElement,
    update: (element: HTMLElement, item: T) => void = () => {},
  ) {
    this.#parent = parent;
    this.#create = create;
    this.#update = update;
  }

  show(items: readonly T[], keyOf: (item: T) => string): void {
    const elements = new Map<string, HTMLElement>();
    for (const item of items) {
      const key = keyOf(item);
      const element = this.#elements.get(key) ?? this.#create(item);
      this.#update(element, item);
      elements.set(key, element);
    }
    for (const [key, element] of this.#elements) if (elements.get(key) !== element) element.remove();
    this.#elements = elements;
    let place = this.#parent.firstElementChild;
    for (const element of elements.values()) {
      if (element === place) place = place.nextElementSibling;
      else this.#parent.insertBefore(element, place);
    }
  }
}
