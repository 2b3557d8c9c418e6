import { describe, expect, it } from "vitest";
import { makePost, readAnswer, readRetryAfter } from "./transport";

const NONE = new Headers();

describe("readAnswer", () => {
  it("believes a 200 only when it carries verdicts: a hotel's sign-in page is no answer", () => {
    expect(readAnswer(200, NONE, "<html>Wi-Fi</html>", 0)).toMatchObject({ type: "later", cause: "server" });
    expect(readAnswer(200, NONE, "{}", 0)).toMatchObject({ type: "later" });
    const at = "2026-08-23T14:40:00.000Z";
    const text = JSON.stringify({ epoch: "E", at, results: [{ id: "a", status: "stored", seq: 1, reason: null }, 7] });
    expect(readAnswer(200, NONE, text, 0)).toEqual({
      type: "judged",
      epoch: "E",
      atMs: Date.parse(at),
      results: [{ id: "a", status: "stored", seq: 1, reason: null }],
    });
  });

  it.each([500, 502, 503, 504, 302])("takes %i for 'later'", (status) => {
    expect(readAnswer(status, NONE, "", 0).type).toBe("later");
  });

  it.each([408, 425, 429])("takes %i for 'busy' and reads Retry-After", (status) => {
    expect(readAnswer(status, new Headers({ "retry-after": "7" }), "", 0)).toEqual({
      type: "later",
      cause: "busy",
      retryAfterMs: 7_000,
    });
  });

  it("tells our own refusal from a proxy's by its code", () => {
    expect(readAnswer(422, NONE, '{"code":"invalid_body"}', 0)).toEqual({ type: "refused", code: "invalid_body" });
    expect(readAnswer(403, NONE, "<h1>blocked</h1>", 0).type).toBe("later");
  });

  it("knows 401 and 413", () => {
    expect(readAnswer(401, NONE, "", 0)).toEqual({ type: "sign_in" });
    expect(readAnswer(413, NONE, "", 0)).toEqual({ type: "too_large" });
  });

  it("reads Retry-After as seconds and as a date", () => {
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:09 GMT", 4_000)).toBe(5_000);
    expect(readRetryAfter("soon", 0)).toBeNull();
    expect(readRetryAfter(null, 0)).toBeNull();
  });
});

describe("makePost", () => {
  it("turns a network error into 'later' instead of throwing", async () => {
    const post = makePost(() => Promise.reject(new TypeError("no network")));
    const answer = await post({ operationId: "op", token: null, events: [], timeoutMs: 1_000 });
    expect(answer).toEqual({ type: "later", cause: "network", retryAfterMs: null });
  });
});
