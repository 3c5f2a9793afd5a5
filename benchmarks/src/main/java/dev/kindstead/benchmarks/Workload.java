package dev.kindstead.benchmarks;

import java.util.Random;

/** One kind of operation, made of one or more calls. Thread-safe. */
interface Workload {
  /** Starts one operation on the connection's event loop; {@code end} is called there once. */
  void start(GrpcConnection connection, Random random, End end);

  /** How an operation ended. */
  interface End {
    void ended(Outcome outcome);
  }

  enum Outcome {
    DONE,
    /** ABORTED: a transaction that met another; its client would repeat it. */
    CONFLICT,
    FAILED
  }
}
