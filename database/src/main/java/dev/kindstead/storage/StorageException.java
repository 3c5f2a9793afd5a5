package dev.kindstead.storage;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.nio.file.Path;

/**
 * A store that cannot do what it must: an error of the disk, bytes that fail their checksum, a
 * directory of another format. The message says where, what and what to do.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean corruption;

  private StorageException(String message, boolean corruption, Throwable cause) {
    super(message, cause);
    this.corruption = corruption;
  }

  private StorageException(String message) {
    super(message);
    corruption = false;
  }

  /** The disk or its file system failed; the outcome of the write in question is unknown. */
  public static StorageException failed(Path directory, String what, Throwable cause) {
    String message =
        "storage in %s cannot %s: %s. Look after the disk (space, permissions, errors in the"
            + " system log), then restart: what was acknowledged is replayed from the log.";
    return new StorageException(
        message.formatted(directory, what, cause.getMessage()), false, cause);
  }

  /** A file does not hold what was written to it; {@code cause} names the file. */
  public static StorageException corrupt(Path directory, String what, Throwable cause) {
    String message =
        "storage in %s cannot %s, a file is damaged: %s. Check the disk, then restore this"
            + " directory from a checkpoint or another replica.";
    return new StorageException(
        message.formatted(directory, what, cause.getMessage()), true, cause);
  }

  /** RocksDB's native code can't be written to the directory for temporary files. */
  static StorageException unloadable(String directory, Throwable cause) {
    String message =
        "RocksDB's native code (16 MB) can't be unpacked into %s: %s. Make room there, or name"
            + " another directory: KINDSTEAD_JAVA_OPTIONS=-Djava.io.tmpdir=DIRECTORY";
    return new StorageException(message.formatted(directory, cause.getMessage()), false, cause);
  }

  /** Nothing is wrong but the request. */
  static StorageException refused(String message) {
    return new StorageException(message);
  }

  /** The same failure, for the next one who meets it. */
  StorageException again() {
    return new StorageException(String.valueOf(getMessage()), corruption, this);
  }

  /**
   * What is told where nothing was done but read: another try may meet a node whose disk works, or
   * this one after its restart. Of damaged bytes it would meet the same again.
   */
  public RuntimeException asRefusal() {
    return corruption
        ? this
        : new DatastoreException(
            Code.UNAVAILABLE, "a node could not read its disk; please try again", this);
  }

  /** Whether stored bytes are damaged, so that another replica's copy is needed. */
  public boolean isCorruption() {
    return corruption;
  }
}
