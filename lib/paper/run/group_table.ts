import type { Protocol } from "../../evaluation/evaluate.ts";
import type { GroupEvaluation, Seen } from "../../experiments/group_evaluation.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";
import { gainFields } from "../../experiments/evaluation_tables.ts";
import { intervalText } from "./summary.ts";
import { type Table, tableOfRows } from "../../base/table.ts";

/** Groups of prompts, evaluated by one protocol. */
export interface ProtocolGroups {
  /** The protocol. */
  readonly protocol: Protocol;
  /** What a group is: one of the paper's evaluations, or a subject or task of the table. */
  readonly kind: "evaluation" | "task";
  /** The groups. */
  readonly groups: readonly GroupEvaluation[];
}

/** A row for each group and system: what it had seen, its AIQ, its gain over the Zero router that has seen the same. */
export function groupTable(all: readonly ProtocolGroups[]): Table {
  return tableOfRows(
    all.flatMap(({ protocol, kind, groups }) =>
      groups.flatMap(({ name, evalNames, nPrompts, oracle, oracleAiq, systems, notes }) =>
        systems.map((system) => ({
          kind,
          group: name,
          evalNames: evalNames.join(" "),
          protocol,
          system: system.name,
          seen: system.seen,
          nTrain: nPrompts.train,
          nTest: nPrompts.test,
          aiqFormula: system.aiqFormula,
          ...gainFields(system),
          bestQuality: system.hull[system.hull.length - 1].quality,
          oracleQuality: oracle.quality,
          oracleCurveAiqFormula: oracleAiq,
          notes: [...notes, ...system.notes].join("; "),
        }))
      )
    ),
  );
}

/** One protocol for readers: a row a group, with each router's gain over Zero, trained with the group and without. */
export function groupSummary({ groups }: ProtocolGroups): Table {
  const names = new Set(groups.flatMap(({ systems }) => systems.map(({ name }) => name)));
  const routers = [...names].filter((name) => name !== "Zero");
  const gain = ({ systems }: GroupEvaluation, router: string, seen: Seen): string | null => {
    const against = systems.find((system) => system.name === router && system.seen === seen)?.againstZero;
    return against == null ? null : intervalText(against);
  };
  return {
    columns: [
      "",
      "test prompts",
      "oracle",
      ...routers.flatMap((router) => [`${router}: seen`, `${router}: never seen`]),
    ],
    rows: groups.map((group) => [
      evalTitle(group.name),
      group.nPrompts.test,
      group.oracle.quality.toFixed(3),
      ...routers.flatMap((router) => [gain(group, router, "everything"), gain(group, router, "other groups")]),
    ]),
  };
}
