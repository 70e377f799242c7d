import { needCosts } from "./costs.ts";
import { type BenchmarkFormat, type BenchmarkLayout, fileNames, withColumns } from "./layout.ts";
import { found, modelsOfWide } from "../column_names.ts";
import type { Frame } from "../frame.ts";
import { ROUTEREVAL_MARK } from "../pickle/routereval_pickle.ts";

/**
 * RouterEval's router datasets (`arc_router_dataset.pkl`, …): a pickled dictionary, of which `pool` names one group of models, such as
 * `hard/10/strong_to_weak`: `easy` or `hard`, the number of models, and `all_strong`, `all_weak` or `strong_to_weak`. Each has `model`, the names, and
 * `data` with `train_score`, `val_score` and `test_score`, prompts × models; the prompts' texts are in `prompt` and their numbers in `split_index`, for
 * all groups the same. The evaluation is the file's name; ids are `SPLIT/NUMBER`. No costs and no token counts.
 *
 * **Source**: Huang et al., "RouterEval" (arXiv 2503.10657), repository MilkThink-Lab/RouterEval. Confirmed in its README: the folder and that it is
 * ready to use. The keys named above are known from three programs of others that load the files, and agree among them; not confirmed on the files
 * themselves, nor how the texts are stored there: lists, tuples and numpy arrays of texts are read.
 *
 * The other folders of the release (`leaderboard_score`, `leaderboard_prompt`: all models, a pickle a source) are not read.
 */
export const ROUTEREVAL: BenchmarkFormat = {
  name: "routereval",
  title: "a RouterEval dataset",
  detects: ({ columns }): boolean => columns.has(ROUTEREVAL_MARK),
  layout(frame, { parts, options }): BenchmarkLayout {
    if (!frame.columns.has(ROUTEREVAL_MARK)) {
      throw new TypeError(
        `${this.title} must be a pickled dictionary with "easy" or "hard", "prompt" and "split_index": ${
          found([...frame.columns.keys()])
        }; name the file's format by format (--format NAME), or leave the format out`,
      );
    }
    const columns = { prompt: "prompt", promptId: ROUTEREVAL_MARK, evalName: "the file's name" };
    const models = modelsOfWide(frame, {});
    needCosts(this.title, [...models.keys()], {}, options);
    return { frame: named(frame, fileNames(parts)), models, columns };
  },
};

function named(frame: Frame, names: readonly string[]): Frame {
  return withColumns(frame, { "the file's name": names.map((name) => name.replace(/_router_dataset$/, "")) });
}
