/** Both sides must know it: the cloud, how long a discount may be on offer, and the tills. */
export const salesOptions = {
  ...{ seed: 'a scanner', registers: 2, sales: 200, customers: 60 },
  ...{ minutes: 60, takeMs: 1500 },
}
