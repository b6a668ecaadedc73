/// <reference lib="dom" />

/** The element of the page that has this id. Throws when there is none. */
export function elementById(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no ${id}`);
  return element;
}

/** A new element with this text, which is never read as markup. */
export function textElement(name: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}

/** Whether CSS hides the element, or what it is in. */
export const isHidden = (element: Element): boolean => element.getClientRects().length === 0;

/** Whether `inner` lies entirely inside `outer`. */
export const isRectInside = (inner: DOMRect, outer: DOMRect): boolean =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/** The middle of a rectangle, in pixels of the window. */
export const rectCenter = ({ left, top, width, height }: DOMRect): { readonly x: number; readonly y: number } => ({
  x: left + width / 2,
  y: top + height / 2,
});
