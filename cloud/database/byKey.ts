/**
 * For a transaction that looks rows up by key, in the order of the key: a plan that was made while a table was young
 * becomes neither a scan of the table nor a bitmap of an index when it has grown, and takes the first rows without
 * sorting all of them.
 */
export const BY_KEY = `
  set local enable_seqscan = off;
  set local enable_bitmapscan = off;
  set local enable_sort = off;`
