/** The one way to learn the time. */
export interface Clock {
  now(): Date;
}
