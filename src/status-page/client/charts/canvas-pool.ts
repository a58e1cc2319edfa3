/** Maximum number of unused canvases of a class. */
const MAX_UNUSED = 100;

const unused = new Map<string, HTMLCanvasElement[]>();

/** Returns a canvas with this class. It may be one that was used before: creating one takes long while a list scrolls. */
export function takeCanvas(className: string): HTMLCanvasElement {
  const known = unused.get(className)?.pop();
  if (known) {
    const context = known.getContext('2d');
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, known.width, known.height);
    return known;
  }
  const canvas = document.createElement('canvas');
  canvas.className = className;
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
}

/** Takes back a canvas that is no longer shown. */
export function returnCanvas(canvas: HTMLCanvasElement): void {
  const canvases = unused.get(canvas.className) ?? [];
  if (canvases.length < MAX_UNUSED) canvases.push(canvas);
  unused.set(canvas.className, canvases);
}
