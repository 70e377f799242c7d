/** A file for each task. @module */

import type { CommandInput, CommandSpec } from "./command_options.ts";

/** The project's files, as a command needs them. */
export interface ProjectFolders {
  /** The project's folder. */
  readonly root: string;
  /** Released files, and the encoders' weights. */
  readonly raw: string;
  /** The encoders' weights. */
  readonly weights: string;
  /** Vectors of earlier runs. */
  readonly cache: string;
}

/** The files, hosts and programs that a command's options name, beyond its fixed permissions in deno.json. */
export interface Access {
  /** Files and folders that are read. */
  readonly read: readonly string[];
  /** Files and folders that are written. */
  readonly write: readonly string[];
  /** The folder for results, which is written too and must be writable before the work begins; `null`: none. */
  readonly out?: string | null;
  /** Several runs may write into `out` at the same time; default false. */
  readonly isShared?: boolean;
  /** Hosts that are reached, instead of those of the command's permissions in deno.json. */
  readonly net?: readonly string[];
  /** Programs that are started, instead of those of the command's permissions in deno.json. */
  readonly run?: readonly string[];
  /** Environment variables that are read, instead of those of the command's permissions in deno.json. */
  readonly env?: readonly string[];
}

/** A task of the command line. */
export interface Command extends CommandSpec {
  /**
   * The access that its options name. The command then runs in a process of its own, with its permissions in deno.json
   * and this access; without it the command runs with the permissions of its task.
   */
  readonly access?: (input: CommandInput, folders: ProjectFolders) => Access;
  /** Does the work; returns the exit code where it is not 0. */
  readonly run: (
    input: CommandInput,
    folders: ProjectFolders,
    print: (text: string) => void,
  ) => Promise<number | void>;
}
