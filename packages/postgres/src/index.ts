export { PostgresFailure } from "./failure.ts";
export { startPostgres, type Postgres, type PostgresOptions } from "./postgres.ts";
