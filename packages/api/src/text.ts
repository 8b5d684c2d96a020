import * as v from "valibot";

/** No NUL, which no column holds, and no half of a surrogate pair, which no entry can be signed with. */
const isWritable = (value: string): boolean => !/[\0\p{Surrogate}]/u.test(value);

/** A text of the contract, of at most so many UTF-16 units. */
export const text = (max: number) => v.pipe(v.string(), v.maxLength(max), v.check(isWritable));
