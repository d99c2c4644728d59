// What the processes of a run know of the portal that they share.

/** The shared portal. */
export interface Shared {
  /** Its origin, without a slash at the end. */
  url: string;
  /** A folder that is removed after the run. */
  folder: string;
  /** How its first administrator signs in. */
  administrator: { email: string; password: string };
  /** Path of the cookies of a session of theirs. */
  administratorState: string;
}

const VARIABLE = 'VESTIBULE_END2END'; // workers inherit the environment of the process that set up

/** Makes the portal known to the processes that are started from now on. */
export function remember(shared: Shared): void {
  process.env[VARIABLE] = JSON.stringify(shared);
}

/** The shared portal. */
export function shared(): Shared {
  const text = process.env[VARIABLE];
  if (!text) throw new Error('the portal was not started: global_setup.ts runs before all tests');
  return JSON.parse(text);
}
