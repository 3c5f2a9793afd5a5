package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * A node's library between it and libc ({@code shim.c} tells what it does), and the file by which
 * it is told what to do while the node runs. The node's restarts find it as it is then.
 * Thread-safe.
 */
public final class Shim implements AutoCloseable {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
  private static final long BYTES = 72;

  /** The words of the file, and where each begins. */
  private enum Word {
    MODE(0),
    SYNC_DELAY_MICROS(8),
    CLOCK_OFFSET_NANOS(16),
    SLOW_SYNCS(24),
    FAILED_SYNCS(32),
    FAILED_WRITES(40),
    TORN_WRITES(48),
    WRONG_TIMES(56),
    LYING_SYNCS(64);

    private final long offset;

    Word(long offset) {
      this.offset = offset;
    }
  }

  /** What the shim does to files, and what it counts of that. */
  public enum Trouble {
    SLOW_SYNC(1, Word.SLOW_SYNCS),
    FAIL_SYNC(2, Word.FAILED_SYNCS),
    FAIL_WRITE(4, Word.FAILED_WRITES),
    NO_SPACE(8, Word.FAILED_WRITES),
    /** Half of the next write is written, then the process is killed. */
    TORN_WRITE(16, Word.TORN_WRITES),
    /** Nothing is synced, and nobody hears of it: no machine fails so, but a test must find it. */
    LYING_SYNC(32, Word.LYING_SYNCS);

    private final long bit;
    private final Word counter;

    Trouble(long bit, Word counter) {
      this.bit = bit;
      this.counter = counter;
    }
  }

  private final Path library;
  private final Path file;
  private final Path directory;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment words;

  /**
   * @param library as {@link #compile} made it
   * @param file to be told by
   * @param directory whose files are meant
   */
  Shim(Path library, Path file, Path directory) {
    this.library = library;
    this.file = file;
    this.directory = directory;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      words = channel.map(MapMode.READ_WRITE, 0, BYTES, arena);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library, compiled into a directory. */
  static Path compile(Path into) {
    Path library = Machine.directory(into).resolve("shim.so");
    Path source = source("shim.c", into);
    Commands.run(
        "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl");
    return library;
  }

  /** The source of a small program of this package, as a file. */
  static Path source(String name, Path into) {
    try (InputStream source = Shim.class.getResourceAsStream(name)) {
      if (source == null) {
        throw new IllegalStateException("not among the resources: " + name);
      }
      Path copy = into.resolve(name);
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a node's process is started with. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "KINDSTEAD_FAULTS_CONTROL", file.toString(),
        "KINDSTEAD_FAULTS_DIRECTORY", directory.toString());
  }

  /** From now on. */
  public void begin(Trouble trouble) {
    set(Word.MODE, get(Word.MODE) | trouble.bit);
  }

  public void end(Trouble trouble) {
    set(Word.MODE, get(Word.MODE) & ~trouble.bit);
  }

  /** How often it has happened since the beginning. */
  public long count(Trouble trouble) {
    return get(trouble.counter);
  }

  public void delaySyncs(Duration delay) {
    set(Word.SYNC_DELAY_MICROS, delay.toNanos() / 1_000);
  }

  /** Moves the wall clock; zero mends it. */
  public void moveClock(Duration offset) {
    set(Word.CLOCK_OFFSET_NANOS, offset.toNanos());
  }

  /** How often the node was told a wrong time. */
  public long wrongTimes() {
    return get(Word.WRONG_TIMES);
  }

  private long get(Word word) {
    return (long) WORD.getVolatile(words, word.offset);
  }

  private void set(Word word, long value) {
    WORD.setVolatile(words, word.offset, value);
  }

  @Override
  public void close() {
    arena.close();
  }
}
