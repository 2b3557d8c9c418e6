/** Shapes over 8 KiB travel by reference; they never change, so each is fetched once. */

import { SvelteMap } from "svelte/reactivity";
import type { Api } from "../core/api";
import type { GeometryRef } from "../core/entities";

export class Geometries {
  readonly #api: Api;
  readonly #known = new SvelteMap<string, GeoJSON.Geometry>();
  readonly #asked: Record<string, true> = {};

  constructor(api: Api) {
    this.#api = api;
  }

  /** The shape, or null while it is on its way. */
  of(owner: { geometry?: GeoJSON.Geometry | null; geometry_ref?: GeometryRef | null }): GeoJSON.Geometry | null {
    if (owner.geometry !== undefined && owner.geometry !== null) return owner.geometry;
    const sha256 = owner.geometry_ref?.sha256;
    if (sha256 === undefined) return null;
    const known = this.#known.get(sha256);
    if (known === undefined) void this.#fetch(sha256);
    return known ?? null;
  }

  async #fetch(sha256: string): Promise<void> {
    if (this.#asked[sha256] === true) return;
    this.#asked[sha256] = true;
    try {
      this.#known.set(sha256, await this.#api.get<GeoJSON.Geometry>(`/api/geometries/${sha256}`));
    } catch {
      Reflect.deleteProperty(this.#asked, sha256); // Asked for again at the next change of the map.
    }
  }
}
