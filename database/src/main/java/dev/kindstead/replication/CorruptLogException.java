package dev.kindstead.replication;

import java.nio.file.Path;

/** A file of a replica is damaged. Names the file and, where it helps, the byte. */
public final class CorruptLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptLogException(Path file, String what) {
    super(file + " is corrupt: " + what);
  }

  public CorruptLogException(Path file, long offset, String what) {
    super(file + " is corrupt at byte " + offset + ": " + what);
  }
}
