/** Addresses of the duty desk, after the hash: a page can be reloaded, kept open, sent to the next shift. */
export type Route =
  | { readonly page: "queue"; readonly requestId: string | null }
  | { readonly page: "cases" }
  | { readonly page: "new_case" }
  | { readonly page: "case"; readonly caseId: string }
  | { readonly page: "ask"; readonly operationId: string; readonly caseId: string | null };

const ID = /^[0-9a-f-]{36}$/;

export function readRoute(hash: string): Route {
  const [page = "", first = "", second = ""] = hash.replace(/^#\/?/, "").split("/");
  const id = ID.test(first) ? first : null;
  if (page === "cases") return { page: "cases" };
  if (page === "new-case") return { page: "new_case" };
  if (page === "case" && id !== null) return { page: "case", caseId: id };
  if (page === "ask" && id !== null) return { page: "ask", operationId: id, caseId: ID.test(second) ? second : null };
  return { page: "queue", requestId: page === "request" ? id : null };
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case "queue":
      return route.requestId === null ? "#/" : `#/request/${route.requestId}`;
    case "cases":
      return "#/cases";
    case "new_case":
      return "#/new-case";
    case "case":
      return `#/case/${route.caseId}`;
    case "ask":
      return `#/ask/${route.operationId}${route.caseId === null ? "" : `/${route.caseId}`}`;
  }
}
