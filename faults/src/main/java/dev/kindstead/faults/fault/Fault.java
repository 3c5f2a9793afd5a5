package dev.kindstead.faults.fault;

import java.util.List;

/** One thing that goes wrong, for a while. Confined to one thread. */
public interface Fault {
  /** SIGKILL's exit code, as the system tells it. */
  int KILLED = 137;

  void begin();

  /** Mends it, and starts again what it has ended; waits for nobody to be ready. */
  void end();

  /** By what it is known to have happened; empty when nothing shows that. Asked after the end. */
  String effect();

  /** What must not follow from it, and did. Asked after the end. */
  default List<String> anomalies() {
    return List.of();
  }
}
