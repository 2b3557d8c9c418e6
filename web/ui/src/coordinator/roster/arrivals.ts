/** Finding a person by whatever the registrar has: a callsign, a piece of the name or phone, the code of a card. */

import type { WithId } from "../views";
import type { RosterPerson } from "./entities";

const plain = (text: string): string => text.normalize("NFKC").toLocaleLowerCase("ru").replaceAll("ё", "е").trim();
const digits = (text: string): string => text.replace(/\D/g, "");
const CARD_CODE = /^[0-9a-f]{4}$/;
const SCANNED = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/;

/** Code of the card on the phone: the last four letters of the participant's id. */
export const cardCode = (id: string): string => id.replaceAll("-", "").slice(-4).toUpperCase();

const isPhone = (query: string): boolean => /^[+\d][\d ()-]*$/.test(query.trim()) && digits(query).length >= 2;

/** How well a person answers the query: lower is better, null not at all. */
function rank(person: WithId<RosterPerson>, query: string): number | null {
  const wanted = plain(query);
  if (SCANNED.test(wanted)) return person.id.replaceAll("-", "") === wanted.replaceAll("-", "") ? 0 : null;
  const callsign = plain(person.callsign ?? "");
  if (callsign === wanted) return 0;
  if (CARD_CODE.test(wanted) && cardCode(person.id).toLowerCase() === wanted) return 1;
  if (callsign.startsWith(wanted)) return 2;
  const words = plain(person.name ?? "").split(/\s+/);
  const asked = wanted.split(/\s+/);
  if (asked.every((one) => words.some((word) => word.startsWith(one)))) return 3;
  if (isPhone(query) && digits(person.phone ?? "").includes(digits(query))) return 4;
  return callsign.includes(wanted) || words.some((word) => word.includes(wanted)) ? 5 : null;
}

const HERE_LAST = ["going", "invited", "left", "home", "on_site", "available", "resting", "on_task"];

/** Who fits, the best first; without a query those who are still expected come first. */
export function findPeople(people: readonly WithId<RosterPerson>[], query: string): WithId<RosterPerson>[] {
  if (query.trim() === "") return [...people].sort((a, b) => HERE_LAST.indexOf(a.state) - HERE_LAST.indexOf(b.state));
  return people
    .flatMap((person) => {
      const place = rank(person, query);
      return place === null ? [] : [{ person, place }];
    })
    .sort((a, b) => a.place - b.place || HERE_LAST.indexOf(a.person.state) - HERE_LAST.indexOf(b.person.state))
    .map(({ person }) => person);
}

export type NewPerson = { callsign: string | null; name: string | null; phone: string | null };

/** What somebody who is not found would be entered as; two words are a name, one is a callsign or a name. */
export function newPeople(query: string): NewPerson[] {
  const typed = query.trim().replace(/\s+/g, " ");
  if (typed === "" || SCANNED.test(plain(typed))) return [];
  const phone = /(\+?\d[\d ()-]{5,})$/.exec(typed)?.[1]?.trim() ?? null;
  const rest = phone === null ? typed : typed.slice(0, typed.length - phone.length).trim();
  if (rest === "") return [];
  const byName = { callsign: null, name: rest, phone };
  const byCallsign = { callsign: rest, name: null, phone };
  return rest.includes(" ") ? [byName] : [byCallsign, byName];
}

export const COMES = new Set(["invited", "going", "left", "home"]);
