import type { Random } from "../base/random.ts";
import { ANSWER_SIGNS, CHOICE_SIGNS, DIFFICULTY_SIGNS } from "./_prompt_signs.ts";

/** The traits that a prompt shows: its subject, its difficulty and the length of the answer it asks for. */
export interface VisibleTraits {
  /** Which of the evaluation's six subjects. */
  readonly subject: number;
  /** Which of five levels of difficulty, the easiest first. */
  readonly difficulty: number;
  /** Which of five lengths, the shortest first. */
  readonly length: number;
}

interface Grammar {
  /** Sentences with the kind of task; `{}` takes a word of the subject, a second `{}` another one. */
  readonly tasks: readonly string[];
  /** Six subjects: a name and its words. */
  readonly subjects: readonly { readonly name: string; readonly words: string }[];
  /** Whether the signs of length are those of an open answer. */
  readonly open: boolean;
}

const MATH_SUBJECTS = [
  { name: "shopping", words: "apples, tickets, candles, notebooks, bottles, shirts, lamps, melons, chairs, pencils" },
  { name: "travel", words: "miles, trains, buses, flights, stations, bridges, ferries, detours, highways, stops" },
  { name: "cooking", words: "cups, eggs, spoons, recipes, ovens, loaves, cookies, portions, kettles, pies" },
  { name: "work", words: "hours, shifts, wages, bonuses, invoices, teams, tasks, overtime, factories, desks" },
  { name: "animals", words: "cows, hens, kennels, fish, stables, feed, herds, kittens, beehives, ducks" },
  { name: "games", words: "points, rounds, cards, dice, goals, teams, tokens, levels, medals, laps" },
];

/** One grammar an evaluation, by the evaluation's name. */
const GRAMMARS: Readonly<Record<string, Grammar>> = {
  "mmlu": {
    open: false,
    tasks: [
      "Exam, {subject}: which statement about {} and {} is true?",
      "In {subject}, how does {} relate to {}?",
      "{subject} test: what follows from {} for {}?",
    ],
    subjects: [
      {
        name: "law",
        words: "contracts, torts, liability, negligence, treaties, evidence, property, appeals, statutes, custody",
      },
      {
        name: "medicine",
        words: "anemia, insulin, arteries, vaccines, fever, kidneys, antibodies, biopsy, neurons, dosage",
      },
      {
        name: "history",
        words: "empires, revolutions, trade, monarchs, plagues, colonies, reforms, alliances, crusades, guilds",
      },
      {
        name: "physics",
        words: "momentum, entropy, lenses, magnetism, friction, waves, photons, torque, circuits, orbits",
      },
      {
        name: "economics",
        words: "inflation, tariffs, demand, subsidies, wages, monopolies, bonds, deficits, interest, currency",
      },
      {
        name: "philosophy",
        words: "duty, virtue, free will, knowledge, scepticism, utility, rights, language, mind, truth",
      },
    ],
  },
  "mtbench": {
    open: true,
    tasks: [
      "Write about {} and {} for {subject}.",
      "You help with {subject}. Compare {} with {}.",
      "{subject} request: plan {} using {}.",
    ],
    subjects: [
      {
        name: "travel blogs",
        words: "islands, hostels, temples, beaches, markets, museums, trails, ferries, food, festivals",
      },
      { name: "roleplay", words: "a pirate, a detective, a queen, a robot, a poet, a chef, a wizard, a coach" },
      {
        name: "business mail",
        words: "budgets, deadlines, contracts, hiring, reports, clients, meetings, feedback, launches, refunds",
      },
      {
        name: "coding",
        words: "parsers, queues, recursion, caching, sorting, threads, graphs, queries, loops, hashing",
      },
      {
        name: "data extraction",
        words: "tables, names, dates, prices, addresses, reviews, receipts, logs, entities, totals",
      },
      {
        name: "science writing",
        words: "quarks, enzymes, volcanoes, vaccines, comets, glaciers, genes, lasers, fungi, batteries",
      },
    ],
  },
  "mbpp": {
    open: true,
    tasks: [
      "Write a Python function for {subject} that handles {} and {}.",
      "Python, {subject}: return the {} of the given {}.",
      "Implement in Python a {subject} helper from {} to {}.",
    ],
    subjects: [
      {
        name: "strings",
        words: "vowels, prefixes, palindromes, substrings, digits, words, letters, cases, suffixes, anagrams",
      },
      {
        name: "lists",
        words: "pairs, duplicates, sublists, minima, rotations, indexes, sums, sorted, merged, windows",
      },
      {
        name: "numbers",
        words: "primes, divisors, factorials, remainders, squares, roots, binary, gcd, powers, triangles",
      },
      {
        name: "dates",
        words: "weekdays, months, leap years, intervals, hours, timestamps, zones, birthdays, calendars, quarters",
      },
      { name: "trees", words: "leaves, depths, parents, paths, heaps, nodes, levels, subtrees, traversals, ancestors" },
      {
        name: "regular expressions",
        words: "emails, groups, matches, tokens, urls, spaces, commas, tags, numbers, patterns",
      },
    ],
  },
  "hellaswag": {
    open: false,
    tasks: [
      "{subject}: someone picks up {} near {}. What happens next?",
      "Choose the ending. {subject}, a video of {} and {}.",
      "Continue the {subject} scene with {} after {}.",
    ],
    subjects: [
      { name: "Gardening", words: "a spade, roses, a hose, weeds, seeds, a rake, soil, a hedge, tulips, pots" },
      { name: "Sports", words: "a ball, a net, a bat, skates, a javelin, gloves, a hurdle, a racket, a paddle, skis" },
      {
        name: "Car repair",
        words: "a tyre, a jack, oil, a wrench, brakes, a battery, wipers, a bumper, spark plugs, a filter",
      },
      {
        name: "Hair care",
        words: "scissors, a comb, shampoo, a dryer, curlers, a braid, gel, a razor, a mirror, clips",
      },
      {
        name: "Kitchen",
        words: "a knife, a pan, dough, onions, a whisk, a grill, butter, a cutting board, noodles, salt",
      },
      {
        name: "Pets",
        words: "a leash, a brush, a cat, a bowl, a parrot, a kennel, shampoo, treats, a hamster, a cage",
      },
    ],
  },
  "winogrande": {
    open: false,
    tasks: [
      "{subject}: who is meant by _, the one with {} or {}?",
      "Fill the blank in a {subject} sentence on {} and {}.",
      "The {subject} pronoun puzzle of {} versus {}: which fits _?",
    ],
    subjects: [
      { name: "neighbours", words: "fences, keys, parcels, lawns, noise, ladders, hedges, parking, mail, pets" },
      {
        name: "size",
        words: "the suitcase, the trophy, the drawer, the sofa, the bottle, the shelf, the hat, the box",
      },
      { name: "emotion", words: "envy, fear, pride, grief, relief, anger, shame, joy, boredom, hope" },
      { name: "health", words: "sleep, sugar, coughs, diets, running, pills, stress, vitamins, bruises, naps" },
      { name: "money", words: "savings, loans, rent, gifts, wages, taxes, debts, tips, stocks, fees" },
      { name: "skill", words: "chess, piano, sewing, maths, painting, soccer, cooking, driving, writing, fishing" },
    ],
  },
  "grade-school-math": {
    open: true,
    tasks: [
      "{subject} problem: {n} {} cost as much as {m} {}. How many in all?",
      "{subject} story: {n} {} and {m} times as many {}. Find the total.",
      "{subject}: {n} {} are shared by {m} {}. How many each?",
    ],
    subjects: MATH_SUBJECTS,
  },
  "arc-challenge": {
    open: false,
    tasks: [
      "Science class, {subject}: what best explains {} and {}?",
      "{subject} question: which change in {} affects {}?",
      "A student studies {subject}. What links {} with {}?",
    ],
    subjects: [
      { name: "weather", words: "clouds, storms, humidity, wind, fronts, rain, frost, hail, fog, drought" },
      {
        name: "cells",
        words: "membranes, nuclei, enzymes, mitosis, proteins, chloroplasts, genes, tissues, bacteria, spores",
      },
      { name: "rocks", words: "erosion, magma, fossils, layers, minerals, sand, faults, crystals, canyons, volcanoes" },
      { name: "energy", words: "heat, motion, batteries, springs, light, fuel, sound, pulleys, solar panels, magnets" },
      {
        name: "ecosystems",
        words: "predators, ponds, decomposers, forests, algae, migration, habitats, prey, wetlands, soil",
      },
      {
        name: "astronomy",
        words: "moons, tides, seasons, comets, eclipses, planets, stars, gravity, telescopes, orbits",
      },
    ],
  },
};

/**
 * Writes a prompt of an evaluation: kind of task, two words of the subject, a sign of its difficulty, a sign of its
 * length; about 15 to 25 word pieces, so that an encoder has something to read.
 */
export function writePrompt(evalName: string, traits: VisibleTraits, random: Random): string {
  const grammar = GRAMMARS[evalName];
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)];
  const { name, words } = grammar.subjects[traits.subject];
  const two = random.shuffle(words.split(", "));
  const task = pick(grammar.tasks)
    .replace("{subject}", name)
    .replace("{n}", String(2 + random.integer(60)))
    .replace("{m}", String(2 + random.integer(12)))
    .replace("{}", two[0])
    .replace("{}", two[1]);
  const length = pick((grammar.open ? ANSWER_SIGNS : CHOICE_SIGNS)[traits.length]);
  return `${task} ${pick(DIFFICULTY_SIGNS[traits.difficulty])} ${length}`;
}
