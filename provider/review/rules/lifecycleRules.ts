import * as z from "zod";
import { UNKNOWN } from "../../framework";
import { RELATION_KEYS } from "../access/access";
import { setFields } from "../catalog";
import { pairKey } from "../outcome/outcome";
import { isSet } from "../plans/plan";
import { type Judged, rule } from "./rule";
import { called, listed, listedWithKinds, nameAt } from "./words";

/** What still stands at an object that goes: edges that no plan removes. */
function others({ review }: Judged, key: string): string[] {
  const { world, outcome } = review;
  return RELATION_KEYS.flatMap((relation) => {
    const { [relation]: pairs } = world.edges;
    const stays = (parent: string, child: string) => !outcome.removed.has(pairKey(relation, parent, child));
    return [
      ...[...pairs.childrenOf(key)].filter((child) => stays(key, child)),
      ...[...pairs.parentsOf(key)].filter((parent) => stays(parent, key)),
    ];
  });
}

export const deletedWhileBound = rule({
  id: "environment-deleted-while-bound",
  severity: "error",
  title: "An environment is deleted while others use it",
  why: "Workspaces and connections that no program of this review binds to it are cut off. Without `forceDestroy` the apply is refused there, after other changes have been made.",
  remedy: "Ask those who bound it to remove their side first, or keep the environment.",
  *find(judged) {
    for (const { change, before, removed } of judged.review.outcome.traced) {
      if (change.declared.kind !== "environment" || change.action !== "delete" || !removed || before === undefined)
        continue;
      const bound = others(judged, before);
      if (bound.length === 0) continue;
      const forced = change.before?.forceDestroy === true;
      yield {
        subject: nameAt(judged, before),
        message: `${called(judged, before)} is deleted, and others still use it: ${listedWithKinds(judged, bound)}${forced ? "; `forceDestroy` removes their edges too" : "; the apply will be refused"}`,
        places: [change.place],
      };
    }
  },
});

export const replacementDrops = rule({
  id: "replacement-drops-access",
  severity: "error",
  title: "A replacement drops edges on the way",
  why: "The new object has a new id. What others bound to the old one goes with it, and own edges are missing from the moment the old one is deleted until they are made again.",
  remedy:
    "Avoid the replacement: change the field back, or make the new object beside the old one and move the edges first.",
  *find(judged) {
    const { world } = judged.review;
    for (const { change, before, removed } of judged.review.outcome.traced) {
      if (change.action !== "replace" || !removed || before === undefined) continue;
      const lost = others(judged, before);
      const own = RELATION_KEYS.reduce(
        (sum, relation) =>
          sum + world.edges[relation].childrenOf(before).size + world.edges[relation].parentsOf(before).size,
        0,
      );
      if (own === 0) continue;
      const because =
        lost.length > 0
          ? `, and with it what others have there: ${listedWithKinds(judged, lost)}`
          : `: its ${own} edges are made again`;
      yield {
        subject: nameAt(judged, before),
        message: `${called(judged, before)} is replaced${because}`,
        places: [change.place],
        ...(lost.length === 0 && change.createFirst && { severity: "info" as const }),
        ...(lost.length === 0 && !change.createFirst && { severity: "warning" as const }),
      };
    }
  },
});

const most = z.strictObject({
  limit: z.number().int().min(0).default(3).describe("How many members a set may lose at once."),
});

export const setShrinks = rule({
  id: "exclusive-set-shrinks",
  severity: "warning",
  title: "An exclusive set loses many members at once",
  why: "An exclusive set removes whatever it does not list, also what others added. A list that was cut by mistake takes access from many.",
  remedy: "See whether each of them is meant to go; take them out in steps if you are not sure.",
  options: most,
  *find(judged, { limit }) {
    const { world, outcome, plans } = judged.review;
    for (const change of plans.flatMap(({ changes }) => changes)) {
      if (!isSet(change) || change.action === "none" || change.keeps) continue;
      const { relation, key } = change.declared;
      const parent = [change.after, change.before]
        .map((values) => values?.[relation.parent.field])
        .find((id) => typeof id === "string");
      if (typeof parent !== "string") continue;
      const gone = [...world.edges[key].childrenOf(parent)].filter((child) => !outcome.edges[key].has(parent, child));
      if (gone.length <= limit) continue;
      yield {
        subject: `${setFields(relation.child).ids} ${nameAt(judged, parent)}`,
        message: `${called(judged, parent)} loses ${gone.length} ${relation.child.word}s at once: ${listed(judged, gone)}`,
        places: [change.place],
      };
    }
  },
});

export const adoptionChanges = rule({
  id: "adoption-changes",
  severity: "warning",
  title: "An adoption changes what it takes over",
  why: "The object is others' work: what they wrote in it is overwritten.",
  remedy: "Write in the program what is there now, or agree on the change with whoever made it.",
  *find(judged) {
    const { world, outcome } = judged.review;
    for (const { change, after, adopts } of outcome.traced) {
      const there = after === undefined ? undefined : world.objects.get(after);
      if (!adopts || !there) continue;
      const differing = Object.entries(change.after ?? {}).filter(
        ([field, value]) =>
          change.isWritten(field) &&
          value !== UNKNOWN &&
          typeof value === "string" &&
          typeof there.values[field] === "string" &&
          there.values[field] !== value,
      );
      if (differing.length === 0) continue;
      const shown = differing.map(
        ([field, value]) => `${field} from ${quoted(there.values[field])} to ${quoted(value)}`,
      );
      yield {
        subject: there.name,
        message: `${called(judged, there.key)} is adopted, and changed: ${shown.join(", ")}`,
        places: [change.place],
      };
    }
  },
});

const quoted = (value: unknown): string => JSON.stringify(String(value).slice(0, 80));

export const undeclared = rule({
  id: "edge-not-declared",
  severity: "info",
  title: "A managed environment has edges that no program of this review declares",
  why: "Somebody made them by hand, or another program did: nobody reviewed them here, and removing the environment cuts them off.",
  remedy:
    "Bring them under a program (`meshery-iac import`), remove them, or review the plan of the program that declares them together with this one.",
  *find(judged) {
    const { world, outcome, plans } = judged.review;
    // What stays the same is declared as well, and may be left out of a preview.
    if (world.basis !== "live" || plans.some(({ hidden }) => hidden > 0)) return;
    for (const { change, after } of outcome.traced) {
      if (change.declared.kind !== "environment" || after === undefined || !outcome.objects.has(after)) continue;
      const foreign = (["bindings", "assignments"] as const).flatMap((relation) => {
        const pairs = outcome.edges[relation];
        const free = (parent: string, child: string) => !outcome.declared.has(pairKey(relation, parent, child));
        return relation === "bindings"
          ? [...pairs.parentsOf(after)].filter((parent) => free(parent, after))
          : [...pairs.childrenOf(after)].filter((child) => free(after, child));
      });
      if (foreign.length === 0) continue;
      yield {
        subject: nameAt(judged, after),
        message: `${called(judged, after)} has edges that these programs do not declare: ${listedWithKinds(judged, foreign)}`,
        places: [change.place],
      };
    }
  },
});
