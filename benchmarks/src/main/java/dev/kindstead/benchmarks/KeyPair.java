package dev.kindstead.benchmarks;

/** The numbers of two different keys of a dataset. */
record KeyPair(int first, int second) {}
