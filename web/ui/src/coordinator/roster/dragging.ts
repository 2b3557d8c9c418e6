/** Dragging people and things between lists, with the browser's own means; keys do the same elsewhere. */

const TYPE = "application/x-search-ops";

type Attached = (node: HTMLElement) => () => void;

/** What is dragged: `person` or `thing`, and its id. */
export const dragged = (what: "person" | "thing", id: string): Attached => (node) => {
  const start = (event: DragEvent): void => {
    event.dataTransfer?.setData(TYPE, JSON.stringify([what, id]));
    if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = "move";
  };
  node.draggable = true;
  node.addEventListener("dragstart", start);
  return () => { node.removeEventListener("dragstart", start); };
};

/** Where it may be dropped; `data-over` while it hovers. */
export const dropTarget = (ondrop: (what: string, id: string) => void): Attached => (node) => {
  const over = (event: DragEvent): void => {
    if (!(event.dataTransfer?.types.includes(TYPE) ?? false)) return;
    event.preventDefault();
    node.dataset["over"] = "";
  };
  const leave = (event: DragEvent): void => {
    if (!node.contains(event.relatedTarget as Node | null)) delete node.dataset["over"];
  };
  const drop = (event: DragEvent): void => {
    delete node.dataset["over"];
    const said = event.dataTransfer?.getData(TYPE) ?? "";
    if (said === "") return;
    event.preventDefault();
    const [what, id] = JSON.parse(said) as [string, string];
    ondrop(what, id);
  };
  node.addEventListener("dragover", over);
  node.addEventListener("dragleave", leave);
  node.addEventListener("drop", drop);
  return () => {
    node.removeEventListener("dragover", over);
    node.removeEventListener("dragleave", leave);
    node.removeEventListener("drop", drop);
  };
};
