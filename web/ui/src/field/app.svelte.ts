/** The phone page as one object: membership, state, own reports, and what a tap does. */
import { Api } from "../core/api";
import type { Alarm } from "../core/entities";
import { Outbox } from "../core/outbox/outbox";
import type { Draft, OutboxItem } from "../core/outbox/items";
import { backlogOf } from "../core/outbox/policy";
import { trayFile } from "../core/outbox/tray";
import { preferences } from "../core/preferences.svelte";
import { Keeping, type Membership } from "./keeping";
import { FieldLive } from "./live.svelte";
import { batteryPct, ownPosition } from "./position.svelte";
import {
  checkIn,
  clueReport,
  foundReport,
  sosReport,
  type Circumstances,
  type Condition,
  type PersonWord,
} from "./reports";
import { sosStage, UNDELIVERED_AFTER_MS } from "./sos";
import { holdOf, screenOf, viewOf, type LeaderWord, type Who } from "./view";

const COPY_DELAY_MS = 500;
const COPY_EVERY_MS = 60_000;
const TICK_MS = 1_000;

export type JoinForm = {
  readonly code: string;
  readonly name: string;
  readonly callsign: string;
  readonly phone: string;
};

type Joined = { operation_id: string; participant_id: string; token: string };

class FieldApp {
  ready = $state(false);
  membership = $state.raw<Membership | null>(null);
  items = $state.raw<readonly OutboxItem[]>([]);
  live = $state.raw<FieldLive | null>(null);
  /** 401: the key is no longer good; reports stay here until the person has joined again. */
  mustJoinAgain = $state(false);
  durable = $state(true);
  nowMs = $state(Date.now());
  /** When the copy shown was last confirmed; null before anything was heard. */
  copyAtMs = $state<number | null>(null);
  /** Shapes too large for the log, by their hash. */
  geometries = $state.raw<Readonly<Record<string, GeoJSON.Geometry>>>({});
  /** The hour of the СТОП that was acknowledged here; each new one asks again. */
  #holdSeen = $state.raw<string | null>(null);
  #sosPutAway = $state.raw<ReadonlySet<string>>(new Set());
  #keeping: Keeping | null = null;
  #outbox: Outbox | null = null;
  #battery: number | null = null;
  #copyTimer: ReturnType<typeof setTimeout> | null = null;

  readonly who = $derived.by<Who | null>(() => {
    const membership = this.membership;
    return membership === null
      ? null
      : { operationId: membership.operationId, participantId: membership.participantId };
  });
  readonly view = $derived.by(() => {
    if (this.who === null || this.live === null) return null;
    return viewOf(this.live.store.state, this.live.store.seq, this.items, this.who);
  });
  readonly screen = $derived(this.view === null ? null : screenOf(this.view));
  readonly backlog = $derived(backlogOf(this.items));
  readonly mine = $derived(this.items.filter((item) => item.operationId === this.who?.operationId));
  readonly sos = $derived.by(() => {
    const alarms = (this.live?.store.state["alarms"] ?? {}) as unknown as Record<string, Alarm>;
    return sosStage(this.items, this.who?.operationId ?? "", alarms, this.#sosPutAway, this.nowMs);
  });
  readonly hold = $derived.by(() => {
    const hold = this.view === null ? null : holdOf(this.view);
    if (hold === null) return null;
    return { ...hold, seen: this.#holdSeen === hold.since };
  });
  /** Sectors and times are shown in the zone of the operation. */
  readonly timeZone = $derived(this.view?.operation?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  readonly ageMs = $derived.by(() => {
    const heard = this.live?.heardAtMs ?? this.copyAtMs;
    return heard === null ? null : Math.max(0, this.nowMs - heard);
  });

  readonly #api = new Api({
    // A key that headquarters refused would also refuse the joining that replaces it.
    token: () => (this.mustJoinAgain ? null : (this.membership?.token ?? null)),
    language: () => preferences.language,
    timeout_ms: 40_000,
  });

  async open(): Promise<void> {
    this.#keeping = await Keeping.open();
    const keeping = this.#keeping;
    this.#outbox = await Outbox.open({
      name: "search-ops-outbox",
      tokenFor: (operationId) => keeping.tokenFor(operationId),
      onNews: (news) => {
        if (news.type === "sign_in") this.mustJoinAgain = true;
      },
    });
    this.durable = this.#outbox.durable;
    this.#outbox.watch(() => {
      void this.#readItems();
    });
    this.#sosPutAway = new Set(((await keeping.mark("sos")) ?? []) as string[]);
    this.#holdSeen = (await keeping.mark("hold")) as string | null;
    await this.#readItems();
    setInterval(() => {
      this.nowMs = Date.now();
    }, TICK_MS);
    setInterval(() => {
      // The age of the copy must be right after a restart without network, also when nothing happened for hours.
      if (this.live?.online === true) this.#keepCopySoon();
    }, COPY_EVERY_MS);
    void batteryPct().then((pct) => {
      this.#battery = pct;
    });
    void ownPosition.resume();
    const membership = await keeping.membership();
    if (membership !== null) await this.#enter(membership);
    this.ready = true;
  }

  async join(form: JoinForm): Promise<void> {
    if (this.#outbox === null || this.#keeping === null) return;
    const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());
    const joined = await this.#api.send<Joined>("POST", "/api/join", {
      code: form.code.replace(/[\s-]/g, ""),
      name: form.name.trim(),
      device_id: this.#outbox.deviceId,
      ...(orNull(form.callsign) === null ? {} : { callsign: orNull(form.callsign) }),
      ...(orNull(form.phone) === null ? {} : { phone: orNull(form.phone) }),
    });
    const membership: Membership = {
      operationId: joined.operation_id,
      participantId: joined.participant_id,
      token: joined.token,
      name: form.name.trim(),
      callsign: orNull(form.callsign),
      phone: orNull(form.phone),
      joinedAtMs: Date.now(),
    };
    await this.#keeping.join(membership);
    await this.#enter(membership);
    this.#outbox.kick();
  }

  /** The shape of the task: in the state, or kept, or fetched by its hash. */
  async loadGeometry(sha256: string): Promise<void> {
    if (this.geometries[sha256] !== undefined || this.#keeping === null) return;
    const kept = (await this.#keeping.mark(`geometry.${sha256}`)) as GeoJSON.Geometry | null;
    const geometry = kept ?? (await this.#api.get<GeoJSON.Geometry>(`/api/geometries/${sha256}`));
    this.geometries = { ...this.geometries, [sha256]: geometry };
    if (kept === null) await this.#keeping.setMark(`geometry.${sha256}`, geometry);
  }

  /** Leave this search on this phone. Unsent reports stay and go on being sent. */
  async leave(): Promise<void> {
    this.live?.stop();
    this.live = null;
    await this.#keeping?.leave();
    this.membership = null;
    this.mustJoinAgain = false;
  }

  say(word: LeaderWord | PersonWord, text: string | null = null): Promise<void> {
    return this.#report((who) => checkIn(this.#mustView(), who, word, this.#circumstances(), text));
  }

  found(condition: Condition): Promise<void> {
    return this.#report((who) => foundReport(this.#mustView(), who, condition, this.#circumstances()));
  }

  clue(text: string): Promise<void> {
    return this.#report((who) => clueReport(this.#mustView(), who, text, this.#circumstances()));
  }

  async raiseSos(): Promise<void> {
    await this.#report((who) => sosReport(this.#mustView(), who, this.#circumstances()));
    // The alarm must not wait for the next tick of the page's clock.
    setTimeout(() => {
      this.nowMs = Date.now();
    }, UNDELIVERED_AFTER_MS);
  }

  async acknowledgeHold(): Promise<void> {
    const since = this.hold?.since ?? null;
    if (since === null) return;
    await this.say("stop_seen");
    this.#holdSeen = since;
    await this.#keeping?.setMark("hold", since);
  }

  putSosAway(id: string): void {
    this.#sosPutAway = new Set([...this.#sosPutAway, id]);
    void this.#keeping?.setMark("sos", [...this.#sosPutAway]);
  }

  retry(id: string): void {
    void this.#outbox?.retry(id);
  }

  /** What is not filed, as a file for carrying to headquarters. */
  unsentFile(): Blob {
    return new Blob([trayFile(this.items, Date.now())], { type: "application/json" });
  }

  async #enter(membership: Membership): Promise<void> {
    this.live?.stop();
    this.membership = membership;
    this.mustJoinAgain = false;
    const live = new FieldLive(this.#api, membership.operationId, {
      onChange: () => {
        this.#keepCopySoon();
      },
      onServer: (epoch, backedUp, atMs) => {
        void this.#outbox?.noteServer(membership.operationId, epoch, backedUp, atMs);
      },
      onRefused: (status) => {
        void this.#refused(status);
      },
    });
    const copy = (await this.#keeping?.copy(membership.operationId, Date.now())) ?? null;
    if (copy !== null) live.store.load({ epoch: copy.epoch, seq: copy.seq, state: copy.state });
    this.copyAtMs = copy?.heardAtMs ?? null;
    this.live = live;
    live.start();
  }

  /** 401: join again, own data stays in sight. 403 and 404: the right was withdrawn, the copy goes. */
  async #refused(status: number): Promise<void> {
    this.mustJoinAgain = true;
    if (status !== 401) {
      await this.#keeping?.dropCopy();
      this.live?.store.load({ epoch: "", seq: 0, state: {} });
    }
  }

  async #report(make: (who: Who) => Draft): Promise<void> {
    if (this.who === null || this.#outbox === null) return;
    await this.#outbox.report(make(this.who));
    await this.#readItems();
    void batteryPct().then((pct) => {
      this.#battery = pct;
    });
  }

  #mustView(): NonNullable<typeof this.view> {
    if (this.view === null) throw new Error("no operation on this phone");
    return this.view;
  }

  #circumstances(): Circumstances {
    return { position: ownPosition.fix, batteryPct: this.#battery };
  }

  async #readItems(): Promise<void> {
    if (this.#outbox !== null) this.items = await this.#outbox.items();
  }

  #keepCopySoon(): void {
    if (this.#copyTimer !== null) return;
    this.#copyTimer = setTimeout(() => {
      this.#copyTimer = null;
      void this.#keepCopy();
    }, COPY_DELAY_MS);
  }

  async #keepCopy(): Promise<void> {
    const { live, membership } = this;
    const epoch = live?.store.epoch ?? null;
    if (live === null || membership === null || epoch === null || epoch === "") return;
    await this.#keeping?.keepCopy({
      operationId: membership.operationId,
      epoch,
      seq: live.store.seq,
      state: live.store.state,
      heardAtMs: live.heardAtMs ?? Date.now(),
    });
  }
}

export const app = new FieldApp();
