package dev.kindstead.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A directory with a complete state and a manifest that says what belongs to it: each file's size
 * and CRC32C. Format: docs/formats/checkpoints.md. Immutable.
 *
 * @param directory holds the manifest and {@link #stateDirectory}
 * @param logIndex the last entry in the state
 * @param files by path relative to the state's directory
 */
record RaftCheckpoint(Path directory, long logIndex, Map<String, Sealed> files) {
  static final String MANIFEST = "manifest";

  private static final String FIRST_LINE = "kindstead-checkpoint 1";
  private static final String STATE = "state";
  private static final Pattern LOG_INDEX_LINE = Pattern.compile("logIndex (\\d{1,18})");
  private static final Pattern FILE_LINE = Pattern.compile("file (\\d{1,18}) ([0-9a-f]{8}) (.+)");

  /** JRaft's name for a finished checkpoint, before its log index. */
  private static final String FINISHED_PREFIX = "snapshot_";

  private static final int READ_BYTES = 256 << 10;

  /** What the manifest says of a file. */
  record Sealed(long bytes, int crc32c) {}

  /** Where {@link LogReader#saveCheckpoint} writes. */
  static Path emptyStateDirectory(Path directory) throws IOException {
    return Files.createDirectories(directory.resolve(STATE));
  }

  Path stateDirectory() {
    return directory.resolve(STATE);
  }

  /**
   * Writes the manifest and makes all durable. A file that is a hard link to one of the previous
   * checkpoint is not read again: only immutable files are linked.
   *
   * @return all files of the checkpoint, relative to {@code directory}
   */
  static List<String> seal(Path directory, long logIndex) throws IOException {
    RaftCheckpoint previous = previous(directory);
    Path state = directory.resolve(STATE);
    var names = new ArrayList<>(List.of(MANIFEST));
    var lines = new StringBuilder(FIRST_LINE + "\nlogIndex " + logIndex + "\n");
    for (Path file : list(state)) {
      if (Files.isDirectory(file)) {
        RaftFiles.syncDirectory(file);
        continue;
      }
      String name = name(state, file);
      Sealed sealed = previous == null ? null : previous.sameFile(name, file);
      if (sealed == null) {
        RaftFiles.syncFile(file);
        sealed = read(file);
      }
      lines.append("file %d %08x %s\n".formatted(sealed.bytes(), sealed.crc32c(), name));
      names.add(STATE + "/" + name);
    }
    byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
    String lastLine = "crc32c %08x\n".formatted(crc(body));
    Path manifest = directory.resolve(MANIFEST);
    RaftFiles.replace(manifest, (lines + lastLine).getBytes(StandardCharsets.UTF_8));
    return names;
  }

  /** Reads the manifest, not yet the files. */
  static RaftCheckpoint open(Path directory) throws IOException {
    Path file = directory.resolve(MANIFEST);
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    int lastLine = text.lastIndexOf("crc32c ");
    if (lastLine < 0) {
      throw new CorruptLogException(file, "ends too early");
    }
    int crc = crc(text.substring(0, lastLine).getBytes(StandardCharsets.UTF_8));
    if (!text.substring(lastLine).equals("crc32c %08x\n".formatted(crc))) {
      throw new CorruptLogException(file, "wrong checksum");
    }
    List<String> lines = text.substring(0, lastLine).lines().toList();
    if (lines.size() < 2 || !lines.getFirst().equals(FIRST_LINE)) {
      throw new CorruptLogException(file, "not a manifest of version 1");
    }
    long logIndex = Long.parseLong(matched(file, LOG_INDEX_LINE, lines.get(1)).group(1));
    var files = new TreeMap<String, Sealed>();
    for (String line : lines.subList(2, lines.size())) {
      Matcher parts = matched(file, FILE_LINE, line);
      String name = parts.group(3);
      if (!isBelow(directory.resolve(STATE), name)) {
        throw new CorruptLogException(file, "names a file outside the state: " + name);
      }
      files.put(
          name,
          new Sealed(Long.parseLong(parts.group(1)), HexFormat.fromHexDigits(parts.group(2))));
    }
    return new RaftCheckpoint(directory, logIndex, files);
  }

  private static Matcher matched(Path file, Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.matches()) {
      throw new CorruptLogException(file, "a line that makes no sense: " + line);
    }
    return matcher;
  }

  /** Another member's manifest must not lead to this one's other files. */
  private static boolean isBelow(Path state, String name) {
    try {
      Path file = state.resolve(name).normalize();
      return file.startsWith(state.normalize()) && !file.equals(state.normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Reads every file, makes all durable, their names included, and throws if one is not what the
   * manifest says or is none of its files.
   */
  void verify() throws IOException {
    List<Path> found = list(stateDirectory());
    for (Path file : found) {
      if (!Files.isDirectory(file) && !files.containsKey(name(stateDirectory(), file))) {
        throw new CorruptLogException(file, "does not belong to the checkpoint");
      }
    }
    for (var entry : files.entrySet()) {
      Path file = stateDirectory().resolve(entry.getKey());
      if (!Files.exists(file)) {
        throw new CorruptLogException(file, "missing from the checkpoint");
      }
      Sealed read = read(file);
      if (!read.equals(entry.getValue())) {
        throw new CorruptLogException(
            file, "expected %s, found %s".formatted(entry.getValue(), read));
      }
      RaftFiles.syncFile(file);
    }
    RaftFiles.syncFile(directory.resolve(MANIFEST));
    for (Path file : found) {
      if (Files.isDirectory(file)) {
        RaftFiles.syncDirectory(file);
      }
    }
    RaftFiles.syncDirectory(directory);
  }

  /** The log index of JRaft's last finished checkpoint in {@code parent}, 0 if there is none. */
  static long lastFinished(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return 0;
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> name.startsWith(FINISHED_PREFIX))
          .mapToLong(name -> Long.parseLong(name.substring(FINISHED_PREFIX.length())))
          .max()
          .orElse(0);
    }
  }

  private static @Nullable RaftCheckpoint previous(Path directory) throws IOException {
    Path parent = RaftFiles.parentOf(directory);
    Path last = parent.resolve(FINISHED_PREFIX + lastFinished(parent));
    return Files.exists(last.resolve(MANIFEST)) ? open(last) : null;
  }

  private @Nullable Sealed sameFile(String name, Path file) throws IOException {
    Sealed sealed = files.get(name);
    Path ours = stateDirectory().resolve(name);
    boolean same =
        sealed != null
            && Files.exists(ours)
            && Files.isSameFile(ours, file)
            && Files.size(file) == sealed.bytes();
    return same ? sealed : null;
  }

  private static String name(Path state, Path file) {
    return state.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> list(Path state) throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      return all.sorted().toList();
    }
  }

  private static Sealed read(Path file) throws IOException {
    var crc = new CRC32C();
    long bytes = 0;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
      while (channel.read(buffer) >= 0) {
        bytes += buffer.flip().remaining();
        crc.update(buffer);
        buffer.clear();
      }
    }
    return new Sealed(bytes, (int) crc.getValue());
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
