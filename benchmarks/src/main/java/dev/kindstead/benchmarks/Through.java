package dev.kindstead.benchmarks;

/** Which of a cluster's nodes the clients are connected to. */
enum Through {
  ALL,
  /** The one that serves. */
  SERVING,
  /** Those that forward to it. */
  OTHERS
}
