import { el } from '../page/dom.ts';

const SHOWN_MS = 1500;

/** A button that copies text to the clipboard, and says so. */
export function copyButton(label: string, textOf: () => string, description = label): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'quiet', 'aria-label': description }, label);
  button.addEventListener('click', async (event) => {
    event.stopPropagation();
    const isCopied = await copy(textOf());
    button.textContent = isCopied ? 'Copied' : 'Not copied';
    setTimeout(() => {
      button.textContent = label;
    }, SHOWN_MS);
  });
  return button;
}

/** The clipboard exists only for pages from this machine or over TLS; for others there is the older way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

function copyFromField(text: string): boolean {
  const field = el('textarea', { class: 'offscreen', 'aria-hidden': 'true' });
  field.value = text;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
