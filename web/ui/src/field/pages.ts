/** Pages over the main screen. The phone's own back button leaves them. */
export type Page = "main" | "found" | "clue" | "reports" | "menu";
