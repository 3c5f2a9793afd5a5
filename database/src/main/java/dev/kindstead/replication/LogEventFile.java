package dev.kindstead.replication;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of one {@link LogLife} in a file, which outlives the process: what was recorded is the
 * system's before the caller goes on, so only a machine that fails takes an end of it away. It
 * never stands in the log's way: after a failed write it only says so and ends. Format:
 * docs/formats/log-events.md.
 *
 * <p>Thread-safe.
 */
public final class LogEventFile implements Consumer<List<LogEvent>> {
  /** Over a million events. What comes after is not recorded. */
  static final long BYTES_MAX = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LogEventFile.class);
  private static final String SUFFIX = ".events";
  private static final String VERSION = "kindstead-log-events-1";
  private static final int LIVES_MAX = 100_000;

  private final Path file;
  private final OutputStream out;
  private final long bytesMax;
  private long bytes;
  private long sequence;
  private boolean ended;

  private LogEventFile(Path file, OutputStream out, long bytesMax) {
    this.file = file;
    this.out = out;
    this.bytesMax = bytesMax;
  }

  /** The record of a life that begins, beside those of former ones. */
  public static LogEventFile begin(Path directory, String group, String nodeId) {
    return begin(directory, group, nodeId, BYTES_MAX);
  }

  static LogEventFile begin(Path directory, String group, String nodeId, long bytesMax) {
    try {
      Files.createDirectories(directory);
      for (int life = 1; life <= LIVES_MAX; life++) {
        Path file = directory.resolve("%s.%s.%d%s".formatted(group, nodeId, life, SUFFIX));
        if (!Files.exists(file)) {
          return begin(file, "%s %s %s %d".formatted(VERSION, group, nodeId, life), bytesMax);
        }
      }
      throw new IllegalStateException(LIVES_MAX + " lives are recorded in " + directory);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalStateException("another process records in " + directory, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LogEventFile begin(Path file, String header, long bytesMax) throws IOException {
    // Not a channel: an interrupted thread would close it.
    var record =
        new LogEventFile(
            file, Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), bytesMax);
    record.out.write((header + '\n').getBytes(StandardCharsets.UTF_8));
    return record;
  }

  @Override
  public synchronized void accept(List<LogEvent> events) {
    if (ended) {
      return;
    }
    var lines = new StringBuilder();
    events.forEach(event -> append(lines, event));
    if (bytes + lines.length() > bytesMax) {
      ended = true;
      LOG.warn("{} is full: what happens from now on is not recorded", file);
      lines.setLength(0);
      sequence -= events.size();
      append(lines, new LogEvent.Full());
    }
    write(lines.toString().getBytes(StandardCharsets.US_ASCII));
    if (ended || events.contains(new LogEvent.Closed())) {
      end();
    }
  }

  private void append(StringBuilder lines, LogEvent event) {
    lines.append(++sequence).append(' ').append(event.line()).append('\n');
  }

  private void write(byte[] lines) {
    try {
      out.write(lines);
      bytes += lines.length;
    } catch (IOException e) {
      ended = true;
      LOG.warn("{} can't be written: what happens from now on is not recorded", file, e);
    }
  }

  private void end() {
    ended = true;
    try {
      out.close();
    } catch (IOException e) {
      LOG.warn("{} can't be closed", file, e);
    }
  }

  /** All that is recorded in a directory, of processes that may be running. */
  public static List<LogLife> readAll(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      var lives = new ArrayList<LogLife>();
      for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
        read(file).ifPresent(lives::add);
      }
      return lives;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A life as far as it is recorded; a line that is not whole is not read. Empty for a record that
   * has not begun.
   *
   * @throws IllegalArgumentException if a whole line is not what is written to such files
   */
  static Optional<LogLife> read(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String[] header = lines.getFirst().split(" ", -1);
    if (header.length != 4 || !header[0].equals(VERSION)) {
      throw new IllegalArgumentException(file + " begins with " + lines.getFirst());
    }
    var events = new ArrayList<LogEvent>(lines.size());
    for (int line = 1; line < lines.size(); line++) {
      String prefix = line + " ";
      if (!lines.get(line).startsWith(prefix)) {
        throw new IllegalArgumentException(
            "%s lacks event %d: %s".formatted(file, line, lines.get(line)));
      }
      events.add(LogEvent.parse(lines.get(line).substring(prefix.length())));
    }
    boolean isWhole = events.contains(new LogEvent.Closed());
    return Optional.of(
        new LogLife(header[1], header[2], Integer.parseInt(header[3]), isWhole, events));
  }
}
