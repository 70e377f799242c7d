import type { Table } from "../../base/table.ts";
import { signed } from "../../base/words.ts";
import { ablationPanel } from "../../figures/ablation_panel.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import type { LongTail, TailGain, TailSystem } from "./long_tail.ts";

/** A table of long-tail groups: a line a group and system, with the gains, intervals and what repairs it. */
export function longTailTable({ groups, nLabelled }: LongTail): Table {
  const columns = [
    "group",
    "n_train",
    "n_test",
    "system",
    "gain",
    "low",
    "high",
    "gain_shrunk",
    "low_shrunk",
    "high_shrunk",
    "gain_never_seen",
    "low_never_seen",
    "high_never_seen",
    ...nLabelled.map((count) => `gain_${count}_labelled`),
    "repaired_by_labelled",
  ];
  const rows = groups.flatMap(({ name, nPrompts, systems }) =>
    systems.map(({ name: system, gains, shrunk, repairedBy }) => {
      const of = (count: number | null): TailGain | undefined => gains.find(({ nLabelled }) => nLabelled === count);
      const all = of(null)!;
      const none = of(0)!;
      return [
        name,
        nPrompts.train,
        nPrompts.test,
        system,
        all.difference,
        ...all.interval,
        shrunk.effect,
        ...shrunk.interval,
        none.difference,
        ...none.interval,
        ...nLabelled.map((count) => of(count)?.difference ?? null),
        repairedBy,
      ];
    })
  );
  return { columns, rows };
}

/** How a forest plot is drawn. */
export interface ForestOptions {
  /** Bold first line. */
  readonly title: string;
  /** Where it is printed; a column if not given. */
  readonly width?: FigureWidth;
  /** Gains beyond ± this are drawn at the edge with their number. Default .2. */
  readonly limit?: number;
  /** Names of the systems, a panel each; default all. */
  readonly systems?: readonly string[];
}

/**
 * A forest plot: for each group the gain over Zero with its interval, as it is and drawn towards the other groups, and that of a router which has never
 * seen the group; one panel a system.
 */
export function forestPanel({ groups, pooled }: LongTail, options: ForestOptions): PlotlyFigure {
  const { title, width, limit = 0.2, systems = Object.keys(pooled) } = options;
  const line = (system: TailSystem, factor: string, setting: string, of: Interval): Line => ({
    evalName: system.name,
    factor,
    setting,
    family: system.family,
    isBase: setting === "as measured",
    ...of,
  });
  const points = groups.flatMap(({ name, nPrompts, systems: all }) =>
    all.filter((system) => systems.includes(system.name)).flatMap((system) => {
      const factor = `${name}, n = ${nPrompts.test}`;
      const none = system.gains.find(({ nLabelled }) => nLabelled === 0)!;
      return [
        line(system, factor, "as measured", system.gains[0]),
        line(system, factor, "drawn to the others", {
          difference: system.shrunk.effect,
          interval: system.shrunk.interval,
        }),
        line(system, factor, "group never seen", none),
      ];
    })
  );
  const all = systems.map((name) => {
    const { family } = groups[0].systems.find((system) => system.name === name)!;
    const of = { difference: pooled[name].mean, interval: pooled[name].interval };
    return { evalName: name, factor: "All groups", setting: "mean over groups", family, isBase: false, ...of };
  });
  // Each panel has one system, which its title names.
  return ablationPanel({
    title,
    subtitle: "Bars: 95 %. Grey: as measured, by a paired bootstrap over prompts.",
    points: [...points, ...all],
    limit,
    width,
    legend: false,
  });
}

type Interval = Pick<TailGain, "difference" | "interval">;
type Line = Parameters<typeof ablationPanel>[0]["points"][number];

/** What follows for one system, in sentences: where it gains, where it loses unseen, and what repairs it. */
export function longTailText({ groups, pooled }: LongTail, system: string): string {
  const own = groups.map(({ name, systems }) => ({ ...systems.find((each) => each.name === system)!, name }));
  const number = (value: number): string => signed(value, 3).replace("0.", ".");
  const named = (of: readonly { readonly name: string }[]): string => of.map(({ name }) => name).join(", ");
  const { mean, interval, spread } = pooled[system];
  const unseen = ({ gains }: typeof own[number]): TailGain => gains.find(({ nLabelled }) => nLabelled === 0)!;
  const gaining = own.filter(({ shrunk }) => shrunk.interval[0] > 0);
  const losing = own.filter((group) => unseen(group).interval[1] < 0);
  const fewLabels = own.filter(({ repairedBy }) => repairedBy !== null && repairedBy > 0);
  const unrepaired = own.filter(({ repairedBy }) => repairedBy === null);
  const sentences = [
    `Over ${groups.length} groups ${system} gains ${number(mean)} over Zero on average [${
      interval.map(number).join(", ")
    }]; ` +
    `from group to group the true gain varies with a standard deviation of ${spread.toFixed(3).replace("0.", ".")}.`,
    gaining.length === 0
      ? "On no group is the gain clear of zero."
      : `It is clear of zero on ${gaining.length} of them: ${named(gaining)}.`,
    losing.length === 0
      ? "On no group does a router that has never seen it clearly lose."
      : `A router that has never seen the group clearly loses on ${named(losing)}.`,
    ...fewLabels.map(({ name, repairedBy }) =>
      `On ${name} ${repairedBy} labelled prompts close nine tenths of the gap between never seen and all labels.`
    ),
    ...(unrepaired.length === 0 ? [] : [`No tried number of labels closes that gap on ${named(unrepaired)}.`]),
  ];
  return sentences.join(" ");
}
