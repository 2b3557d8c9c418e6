/** Who is signed in at this browser. The key itself is an HttpOnly cookie that pages cannot read. */

import { Api, ApiError } from "./api";
import type { Account } from "./entities";
import { preferences } from "./preferences.svelte";

class Session {
  /** undefined: not asked yet; null: nobody. */
  account = $state.raw<Account | null | undefined>(undefined);
  readonly api = new Api({
    language: () => preferences.language,
    onSignedOut: () => { this.account = null; },
  });

  /** Ask the server whose cookie this is; `unknown` without a network. */
  async load(): Promise<void> {
    try {
      const { account } = await this.api.get<{ account?: Account }>("/api/session");
      this.account = account ?? null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.account = null;
    }
  }

  async signIn(login: string, password: string): Promise<void> {
    const { account } = await this.api.send<{ account: Account }>("POST", "/api/session", { login, password });
    this.account = account;
  }

  async signOut(): Promise<void> {
    await this.api.send("DELETE", "/api/session");
    this.account = null;
  }

  hasRole(...roles: string[]): boolean {
    return this.account?.grants.some((grant) => roles.includes(grant.role)) ?? false;
  }
}

export const session = new Session();
