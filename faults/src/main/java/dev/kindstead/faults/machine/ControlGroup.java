package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control group (version 1) for one process, which is out of it again when it is closed. */
public final class ControlGroup implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final Duration EMPTY_MAX = Duration.ofSeconds(10);

  private final Path group;
  private final Path parent;

  /**
   * @param controller such as {@code cpu}
   */
  ControlGroup(String controller, String name) {
    parent = controller(controller);
    group = Machine.directory(parent.resolve("kindstead-faults-" + name));
  }

  /** Named after a process that shall get into it. */
  public static ControlGroup forProcess(String controller, long process) {
    return new ControlGroup(controller, Long.toString(process));
  }

  static Path controller(String name) {
    return ROOT.resolve(name);
  }

  public void set(String file, long value) {
    write(group.resolve(file), value);
  }

  public void add(long process) {
    write(group.resolve("cgroup.procs"), process);
  }

  /** The number behind a word, such as {@code nr_throttled}, or of a file that has one only. */
  public long read(String file, String word) {
    try {
      Matcher found =
          Pattern.compile("(?m)^" + word + "(\\d+)$")
              .matcher(Files.readString(group.resolve(file)));
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, long value) {
    try {
      Files.writeString(file, Long.toString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    boolean empty = Pause.until(EMPTY_MAX, this::isReleased);
    if (!empty) {
      throw new IllegalStateException(group + " still has processes after " + EMPTY_MAX);
    }
  }

  private boolean isReleased() {
    try {
      for (String process : Files.readAllLines(group.resolve("cgroup.procs"))) {
        write(parent.resolve("cgroup.procs"), Long.parseLong(process));
      }
      Files.delete(group);
      return true;
    } catch (IOException | UncheckedIOException notYet) {
      return false;
    }
  }
}
