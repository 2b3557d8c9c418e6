/** Sending a file with progress; `fetch` cannot tell how much has left. */

import { ApiError } from "./api";
import { uuid7 } from "./uuid7";

export type Kept = { file_id: string; sha256: string; size: number; name: string };

/** Longest file that the server takes. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

export type UploadOptions = { language: string; onProgress?: (share: number) => void; signal?: AbortSignal };

/** Keep a file with an operation; its id is made here, so that sent twice it is kept once. */
export function uploadFile(path: string, file: Blob, name: string, options: UploadOptions): Promise<Kept> {
  if (file.size > MAX_FILE_BYTES) return Promise.reject(new ApiError(413, "too_large", name));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path}/files?file_id=${uuid7()}&name=${encodeURIComponent(name.slice(-200))}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", options.language);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      let answer: Record<string, unknown> = {};
      try {
        answer = JSON.parse(request.responseText) as Record<string, unknown>;
      } catch {
        // A proxy's page: the status is all there is.
      }
      if (request.status >= 200 && request.status < 300) resolve(answer as Kept);
      else {
        const words = [answer["detail"], answer["title"]].find((text): text is string => typeof text === "string");
        const code = typeof answer["code"] === "string" ? answer["code"] : `http_${String(request.status)}`;
        reject(new ApiError(request.status, code, words ?? `HTTP ${String(request.status)}`));
      }
    });
    request.addEventListener("error", () => { reject(new ApiError(0, "network", "network")); });
    request.addEventListener("abort", () => { reject(new ApiError(0, "cancelled", "cancelled")); });
    options.signal?.addEventListener("abort", () => { request.abort(); }, { once: true });
    request.send(file);
  });
}

/** Files of a drop, those in dropped folders included, or null where the browser cannot look into folders. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  const entries = Array.from(dropped.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Array.from(dropped.files);
  const found: File[] = [];
  const waiting: FileSystemEntry[] = entries;
  while (waiting.length > 0 && found.length < 2000) {
    const entry = waiting.shift();
    if (entry === undefined) break;
    if (entry.isFile) {
      found.push(await new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject); }));
    } else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
        if (some.length === 0) break;
        waiting.push(...some);
      }
    }
  }
  return found;
}
