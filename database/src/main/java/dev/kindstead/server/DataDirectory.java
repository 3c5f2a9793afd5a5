package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node's folder: held by a lock for as long as the node lives, known by its files ({@link
 * NodeFiles}).
 *
 * <p>Layout: {@code lock}, {@code node}, {@code starts}, {@code system/} and {@code shard-NNNN/};
 * in each group's directory {@code store/} and the log's own files. Bytes:
 * docs/formats/data-directory.md.
 *
 * <p>Thread rule: opened and closed by one thread; reads from any.
 */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK_FILE = "lock";

  private final Path directory;
  private final FileChannel lockChannel;
  private final NodeFiles node;

  private DataDirectory(Path directory, FileChannel lockChannel, NodeFiles node) {
    this.directory = directory;
    this.lockChannel = lockChannel;
    this.node = node;
  }

  /**
   * Opens the directory, or makes it if there is none or it is empty.
   *
   * @param random unpredictable; mints a new node's id
   * @throws Refusal when it is in use, not accessible or not ours
   */
  static DataDirectory open(Path directory, RandomGenerator random) {
    Path absolute = directory.toAbsolutePath().normalize();
    FileChannel lock = null;
    boolean opened = false;
    try {
      make(absolute);
      // Before the lock: its file would stay behind, or replace another program's of that name.
      checkNotForeign(absolute);
      lock = lock(absolute);
      var node = new NodeFiles(absolute, random);
      opened = true;
      return new DataDirectory(absolute, lock, node);
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

  /** What this node knows of itself and of its cluster. */
  NodeFiles node() {
    return node;
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

  /**
   * Takes another directory's files of a replica group for its own. After a crash it has the old
   * ones, the new ones or none.
   */
  void replaceGroup(String group, DataDirectory from) {
    try {
      FileTrees.replace(log(group), from.log(group));
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.DATA_NOT_ACCESSIBLE,
          "can't copy %s to %s: %s".formatted(from.log(group), directory, e));
    }
  }

  /** Where usable space is measured. */
  long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /**
   * What all files take, by the group that they belong to; those of none are of "". A file that
   * goes away meanwhile counts nothing.
   */
  Map<String, Long> usedBytes() throws IOException {
    var bytes = new HashMap<String, Long>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path inside = directory.relativize(file);
            String group = inside.getNameCount() == 1 ? "" : inside.getName(0).toString();
            bytes.merge(group, attributes.size(), Long::sum);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes;
  }

  @Override
  public void close() {
    close(lockChannel);
  }

  /** One that is there already stays as its owner has made it. */
  private static void make(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
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

  /**
   * Refuses a directory with files but no identity. What an interrupted first start may have left
   * behind does not count.
   */
  private static void checkNotForeign(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(LOCK_FILE) && !NodeFiles.NAMES.contains(name))
              .limit(3)
              .toList();
      // Asked after listing: another process's first start writes its identity before its groups.
      if (!foreign.isEmpty() && !NodeFiles.isNode(directory)) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "%s is not a Kindstead data directory: it has no file \"%s\" but holds %s"
                .formatted(directory, "node", String.join(", ", foreign)));
      }
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
