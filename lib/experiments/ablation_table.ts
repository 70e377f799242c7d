import type { Table } from "../base/table.ts";
import type { Ablation } from "./ablation.ts";

/** An ablation as a table, a row a measurement; numbers keep all their digits. */
export function ablationTable({ rows, protocol }: Ablation): Table {
  return {
    columns: [
      ...[
        "eval_name",
        "protocol",
        "factor",
        "setting",
        "is_base",
        "text",
        "encoder",
        "max_word_pieces",
        "router",
        "train_share",
      ],
      ...["n_learned", "n_test", "n_prompts", "n_distinct_vectors", "coincident_share", "unread_share"],
      ...["aiq_formula", "aiq_formula_over_zero", "interval_low", "interval_high"],
    ],
    rows: rows.map((row) => [
      ...[
        row.evalName,
        protocol,
        row.factor,
        row.setting,
        row.isBase ? "yes" : "no",
        row.text,
        row.encoder,
        row.maxTokens,
      ],
      ...[
        row.router,
        row.trainShare,
        row.nLearned,
        row.nTest,
        row.nPrompts,
        row.nDistinctVectors,
        row.coincidentShare,
        row.unreadShare,
      ],
      ...[row.aiqFormula, row.difference, ...row.interval],
    ]),
  };
}
