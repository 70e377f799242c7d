import type { Protocol } from "../../evaluation/evaluate.ts";
import type { GroupEvaluation, Seen } from "../../experiments/group_evaluation.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";
import { intervalText } from "./summary.ts";
import type { Table } from "../../base/table.ts";

/** Groups of prompts, evaluated by one protocol. */
export interface ProtocolGroups {
  /** The protocol. */
  readonly protocol: Protocol;
  /** What a group is: one of the paper's evaluations, or a subject or task of the table. */
  readonly kind: "evaluation" | "task";
  /** The groups. */
  readonly groups: readonly GroupEvaluation[];
}

/** A row for each group and system: the prompts it had seen, its AIQ, and its gain over the Zero router that has seen the same. */
export function groupTable(all: readonly ProtocolGroups[]): Table {
  return {
    columns: [
      ...[
        "kind",
        "group",
        "eval_names",
        "protocol",
        "system",
        "seen",
        "n_train",
        "n_test",
        "aiq_formula",
        "aiq_formula_over_zero",
      ],
      ...["interval_low", "interval_high", "best_quality", "oracle_quality", "oracle_curve_aiq_formula", "notes"],
    ],
    rows: all.flatMap(({ protocol, kind, groups }) =>
      groups.flatMap(({ name, evalNames, nPrompts, oracle, oracleAiq, systems, notes }) =>
        systems.map((system) => [
          ...[
            kind,
            name,
            evalNames.join(" "),
            protocol,
            system.name,
            system.seen,
            nPrompts.train,
            nPrompts.test,
            system.aiqFormula,
          ],
          ...[system.againstZero?.difference ?? null, ...(system.againstZero?.interval ?? [null, null])],
          ...[
            system.hull[system.hull.length - 1].quality,
            oracle.quality,
            oracleAiq,
            [...notes, ...system.notes].join("; "),
          ],
        ])
      )
    ),
  };
}

/** The readable table of one protocol: a row for each group, with each router's gain over Zero, trained with the group's prompts and without. */
export function groupSummary({ groups }: ProtocolGroups): Table {
  const routers = [...new Set(groups.flatMap(({ systems }) => systems.map(({ name }) => name)))].filter((name) =>
    name !== "Zero"
  );
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
      ...[evalTitle(group.name), group.nPrompts.test, group.oracle.quality.toFixed(3)],
      ...routers.flatMap((router) => [gain(group, router, "everything"), gain(group, router, "other groups")]),
    ]),
  };
}
