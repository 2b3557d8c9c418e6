/** Parts of the wish for a movement as the server reads them. */

export type Piece = { name: string; kg: number; length_m: number; width_m: number; height_m: number; count: number };
export type Whither = { place_id: string | null; lon: number | null; lat: number | null; text: string | null; last_leg: null };

export const emptyPiece = (): Piece => ({ name: "", kg: 100, length_m: 1, width_m: 0.5, height_m: 0.5, count: 1 });
export const toPlace = (place_id: string): Whither => ({ place_id, lon: null, lat: null, text: null, last_leg: null });
export type Point = { lon: number; lat: number };
export const toPoint = ({ lon, lat }: Point, text: string): Whither => ({ place_id: null, lon, lat, text: text.trim() || null, last_leg: null });
