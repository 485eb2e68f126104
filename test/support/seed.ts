/**
 * Where random tests begin: the same every time, so that what fails fails again, and by the change that was made.
 * `DAYBOOK_SEED=123 npm test` begins elsewhere.
 */
export const seed = Number(process.env.DAYBOOK_SEED ?? 1)
