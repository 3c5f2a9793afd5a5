package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node's folder: held by a lock for as long as the node lives, known by its identity file.
 *
 * <p>Layout: {@code lock}, {@code node}, {@code system/} and {@code shard-NNNN/}; in each group's
 * directory {@code store/} and the log's own files. Bytes: docs/formats/data-directory.md.
 *
 * <p>Thread rule: opened and closed by one thread; reads from any.
 */
final class DataDirectory implements AutoCloseable {
  private static final String IDENTITY_FILE = "node";
  private static final String NEW_IDENTITY_FILE = "node.new";
  private static final String LOCK_FILE = "lock";

  private final Path directory;
  private final FileChannel lockChannel;
  private final NodeIdentity identity;

  private DataDirectory(Path directory, FileChannel lockChannel, NodeIdentity identity) {
    this.directory = directory;
    this.lockChannel = lockChannel;
    this.identity = identity;
  }

  /**
   * Opens the directory, or makes it if there is none or it is empty.
   *
   * @param shards of a new directory
   * @param random unpredictable; mints a new node's identity
   * @throws Refusal when it is in use, not accessible or not ours
   */
  static DataDirectory open(Path directory, int shards, RandomGenerator random) {
    Path absolute = directory.toAbsolutePath().normalize();
    FileChannel lock = null;
    boolean opened = false;
    try {
      Files.createDirectories(absolute);
      // Before the lock: its file would stay behind, or replace another program's of that name.
      checkNotForeign(absolute);
      lock = lock(absolute);
      NodeIdentity identity = identity(absolute, shards, random);
      opened = true;
      return new DataDirectory(absolute, lock, identity);
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.DATA_NOT_ACCESSIBLE,
          "can't use the data directory %s: %s\nIt must be a directory this user can read and write."
              .formatted(absolute, e));
    } finally {
      if (!opened) {
        close(lock);
      }
    }
  }

  NodeIdentity identity() {
    return identity;
  }

  Path path() {
    return directory;
  }

  /** Where a replica group's log, vote and checkpoints are. */
  Path log(String group) {
    return directory.resolve(group);
  }

  /** Where a replica group's data is. */
  Path store(String group) {
    return directory.resolve(group).resolve("store");
  }

  /** Where usable space is measured. */
  long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public void close() {
    close(lockChannel);
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve(LOCK_FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    }
    if (lock == null) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new Refusal(
          ExitCode.DATA_IN_USE,
          "the data directory %s is in use by another process%s: stop it, or choose another --data-dir"
              .formatted(directory, holder.isEmpty() ? "" : " (" + holder + ")"));
    }
    channel.truncate(0);
    channel.write(utf8("process " + ProcessHandle.current().pid() + "\n"));
    return channel;
  }

  private static NodeIdentity identity(Path directory, int shards, RandomGenerator random)
      throws IOException {
    Path file = directory.resolve(IDENTITY_FILE);
    if (!Files.exists(file)) {
      checkNotForeign(directory);
      NodeIdentity minted = NodeIdentity.mint(shards, random);
      writeDurably(directory, minted);
      return minted;
    }
    try {
      return NodeIdentity.decode(Files.readString(file));
    } catch (NodeIdentity.UnreadableException | java.nio.charset.MalformedInputException e) {
      throw new Refusal(
          ExitCode.DATA_NOT_OURS, "can't read %s: %s".formatted(file, e.getMessage()));
    }
  }

  /**
   * Refuses a directory with files but no identity. What an interrupted first start may have left
   * behind does not count.
   */
  private static void checkNotForeign(Path directory) throws IOException {
    Set<String> ours = Set.of(LOCK_FILE, NEW_IDENTITY_FILE, IDENTITY_FILE);
    try (Stream<Path> files = Files.list(directory)) {
      List<String> foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !ours.contains(name))
              .limit(3)
              .toList();
      // Asked after listing: another process's first start writes its identity before its groups.
      if (!foreign.isEmpty() && !Files.exists(directory.resolve(IDENTITY_FILE))) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "%s is not a Kindstead data directory: it has no file \"%s\" but holds %s"
                .formatted(directory, IDENTITY_FILE, String.join(", ", foreign)));
      }
    }
  }

  /** After a crash at any point there is the whole file or none. */
  private static void writeDurably(Path directory, NodeIdentity identity) throws IOException {
    Path scratch = directory.resolve(NEW_IDENTITY_FILE);
    Files.deleteIfExists(scratch);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      // It holds the key that signs transaction ids.
      Files.createFile(
          scratch,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (FileChannel channel =
        FileChannel.open(scratch, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(utf8(identity.encode()));
      channel.force(true);
    }
    Path file = directory.resolve(IDENTITY_FILE);
    try {
      Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(scratch, file);
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
