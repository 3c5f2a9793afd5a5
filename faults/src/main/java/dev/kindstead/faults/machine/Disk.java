package dev.kindstead.faults.machine;

import java.nio.file.Path;

/** Where a node keeps its data. */
interface Disk extends AutoCloseable {
  /** The data directory. */
  Path data();

  @Override
  void close();

  /** A directory among others. */
  record Plain(Path data) implements Disk {
    @Override
    public void close() {}
  }
}
