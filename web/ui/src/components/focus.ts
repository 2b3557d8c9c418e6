/** Where the focus is and where it goes: attachments that several pages share. */

type Attached = (node: HTMLElement) => () => void;

/**
 * One of the items takes Tab; arrows, Home and End move among them (roving tabindex).
 *
 * Items come and go with live updates: there is always exactly one that Tab reaches.
 */
export const roving = (items: string): Attached => (node) => {
  const all = (): HTMLElement[] => [...node.querySelectorAll<HTMLElement>(items)];
  const chosen = (found: HTMLElement[]): HTMLElement | undefined =>
    found.find((one) => one === document.activeElement) ??
    found.find((one) => one.getAttribute("aria-selected") === "true" || one.getAttribute("aria-current") === "true") ??
    found.find((one) => one.getAttribute("tabindex") === "0") ??
    found[0];
  const settle = (): void => {
    const found = all();
    const one = chosen(found);
    for (const item of found) {
      const wanted = item === one ? "0" : "-1";
      if (item.getAttribute("tabindex") !== wanted) item.setAttribute("tabindex", wanted);
    }
  };
  const keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const found = all();
    const at = found.indexOf(event.target as HTMLElement);
    if (at < 0 && event.target !== node) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    found[Math.min(found.length - 1, Math.max(0, to))]?.focus();
  };
  const watched = new MutationObserver(settle);
  watched.observe(node, { childList: true, subtree: true, attributeFilter: ["aria-selected", "aria-current"] });
  node.addEventListener("keydown", keydown);
  node.addEventListener("focusin", settle);
  settle();
  return () => {
    watched.disconnect();
    node.removeEventListener("keydown", keydown);
    node.removeEventListener("focusin", settle);
  };
};

/** The innermost part that has heard of a focus so far, while the event rises. */
const keptBy = new WeakMap<FocusEvent, HTMLElement>();

/**
 * When what had the focus disappears (pressed and done, or changed from elsewhere), the part of the page it stood in
 * takes the focus: Tab goes on from there and Escape is still heard. Never another button: a second Enter must not
 * press what the first has brought.
 */
export const keepsFocus: Attached = (node) => {
  // What had the focus; where parts lie in parts, the part inside that looks after it.
  let last: HTMLElement | null = null;
  if (!node.hasAttribute("tabindex")) node.tabIndex = -1;
  const lost = (): boolean => last !== null && (!last.isConnected || last.matches(":disabled"));
  const focusin = (event: FocusEvent): void => {
    last = keptBy.get(event) ?? (event.target as HTMLElement);
    keptBy.set(event, node);
  };
  const focusout = (): void => {
    // Later, for a removal is a blur too: who left of his own will is not called back.
    setTimeout(() => {
      if (document.hasFocus() && !node.contains(document.activeElement) && !lost()) last = null;
    });
  };
  const changed = (): void => {
    const nowhere = document.activeElement === null || document.activeElement === document.body || document.activeElement === last;
    if (!lost() || !nowhere) return;
    last = null;
    node.focus({ preventScroll: true });
  };
  const watched = new MutationObserver(changed);
  watched.observe(node, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  node.addEventListener("focusin", focusin);
  node.addEventListener("focusout", focusout);
  return () => {
    watched.disconnect();
    node.removeEventListener("focusin", focusin);
    node.removeEventListener("focusout", focusout);
  };
};

/** A page that has just been opened takes the focus, unless something on it has it already. */
export const takesFocus: (node: HTMLElement) => void = (node) => {
  node.tabIndex = -1;
  setTimeout(() => {
    if (node.isConnected && (document.activeElement === null || document.activeElement === document.body)) node.focus({ preventScroll: true });
  });
};

/** What lies over the whole page has the focus while it is there, and gives it back to where it was. */
export const coversPage: Attached = (node) => {
  const before = document.activeElement;
  node.focus();
  return () => {
    setTimeout(() => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    });
  };
};

/**
 * Remembers what has the focus while a dialog is being made, to give it back when the dialog closes. What the dialog
 * did may have taken that away meanwhile: then the part of the page it stood in takes the focus.
 */
export function focusBefore(): (event: Event) => void {
  const before = document.activeElement;
  const around: HTMLElement[] = [];
  for (let part = before?.parentElement ?? null; part !== null && part !== document.body; part = part.parentElement) {
    if (part.hasAttribute("tabindex")) around.push(part);
  }
  return (event) => {
    if (!(before instanceof HTMLElement) || before === document.body) return;
    const heir = before.isConnected ? before : around.find((part) => part.isConnected);
    if (heir === undefined) return;
    event.preventDefault();
    heir.focus({ preventScroll: heir !== before });
  };
}
