/** Address and revision of a file; "" where the name itself carries a hash of the content. */
export type Listed = readonly [path: string, revision: string];
