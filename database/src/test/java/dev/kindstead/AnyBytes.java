package dev.kindstead;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a reader owes bytes that nobody vouches for. Whatever they are, it gives a value or its
 * documented failure, in time and memory that the bytes account for; and what it gives, written
 * again, is read as the same.
 */
public final class AnyBytes {
  /** What reading may take, for each byte read: JSON and messages of small fields take most. */
  private static final long MEMORY_PER_BYTE = 1_024;

  /** And once: failures, buffers, and what is made of a few bytes. */
  private static final long MEMORY_ONCE = 512 << 10;

  /** Of the processor, for as many bytes as a fuzzer makes. */
  private static final long NANOS_MAX = 2_000_000_000;

  /** The first may load classes, or the fuzzer work on them. */
  private static final int READINGS_MAX = 4;

  /** The fuzzer's own work, in what it has instrumented, counts as well. */
  private static final int SLACK = Boolean.getBoolean("jazzer.hooks") ? 32 : 1;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<Class<? extends Exception>> documented;

  private AnyBytes(List<Class<? extends Exception>> documented) {
    this.documented = documented;
  }

  /** Makes a value of bytes. */
  @FunctionalInterface
  public interface Reading<T> {
    @Nullable T read(byte[] bytes) throws Exception;
  }

  /** The failures that say, as documented, that bytes are no value; subclasses count. */
  @SafeVarargs
  public static AnyBytes refusedWith(Class<? extends Exception>... documented) {
    return new AnyBytes(List.of(documented));
  }

  /** The value, or null when the bytes were refused. */
  public <T> @Nullable T read(byte[] bytes, Reading<T> reading) {
    T value = null;
    boolean within = false;
    for (int turn = 0; !within && turn < READINGS_MAX; turn++) {
      Spent spent = new Spent();
      value = tryRead(bytes, reading);
      within = spent.isWithin(bytes.length);
    }
    assertThat(within).as("reading %d bytes takes its time and memory", bytes.length).isTrue();
    return value;
  }

  /** What this thread has used since this was made. */
  private record Spent(long memoryBefore, long nanosBefore) {
    Spent() {
      this(THREADS.getCurrentThreadAllocatedBytes(), THREADS.getCurrentThreadCpuTime());
    }

    boolean isWithin(int bytes) {
      long memory = THREADS.getCurrentThreadAllocatedBytes() - memoryBefore;
      return memory <= SLACK * (MEMORY_ONCE + MEMORY_PER_BYTE * bytes)
          && THREADS.getCurrentThreadCpuTime() - nanosBefore <= NANOS_MAX;
    }
  }

  private <T> @Nullable T tryRead(byte[] bytes, Reading<T> reading) {
    try {
      return reading.read(bytes);
    } catch (Exception failure) {
      if (documented.stream().anyMatch(each -> each.isInstance(failure))) {
        return null;
      }
      throw new AssertionError("no documented failure: " + failure, failure);
    }
  }

  /** Reads, writes what was read, and reads that. */
  public <T> @Nullable T comesBack(byte[] bytes, Reading<T> reading, Function<T, byte[]> writing) {
    T value = read(bytes, reading);
    if (value != null) {
      byte[] written = writing.apply(value);
      T again = read(written, reading);
      assertThat(again).as("what was written is refused").isNotNull();
      if (again != null) {
        assertThat(writing.apply(again)).isEqualTo(written);
      }
    }
    return value;
  }
}
