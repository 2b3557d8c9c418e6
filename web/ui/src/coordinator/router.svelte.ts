/** Addresses of the desk live behind `#`: the server needs one page, and a reload stays where it was. */

export type Route =
  | { page: "home" }
  | { page: "case"; id: string }
  | { page: "operation"; id: string }
  | { page: "join"; id: string }
  | { page: "radio"; id: string }
  | { page: "roster"; id: string; view: string }
  | { page: "transport"; id: string; view: string };

export function parseRoute(hash: string): Route {
  const [page, id, part, view] = hash.replace(/^#\/?/, "").split("/");
  if (page === "cases" && id !== undefined && id !== "") return { page: "case", id };
  if (page === "operations" && id !== undefined && id !== "") {
    if (part === "transport") return { page: "transport", id, view: view ?? "" };
    if (part === "roster") return { page: "roster", id, view: view ?? "" };
    if (part === "radio") return { page: "radio", id };
    return part === "join" ? { page: "join", id } : { page: "operation", id };
  }
  return { page: "home" };
}

class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener("hashchange", () => {
      this.route = parseRoute(location.hash);
    });
  }

  go(path: string): void {
    location.hash = path;
  }
}

export const router = new Router();
