package dev.kindstead.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A state machine that remembers what it was told and complains when the contract is broken. Its
 * state is {@link #applied}; {@link #afterCrash} is what a store that never flushed finds again.
 */
final class RecordingReader implements LogReader {
  final List<LogEntry> applied = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<String> complaints = new ArrayList<>();
  volatile @Nullable RuntimeException throwOnApply;
  volatile @Nullable RuntimeException throwOnLead;
  volatile @Nullable Throwable failure;
  volatile long leaderTerm;
  volatile int checkpointsSaved;
  volatile int checkpointsLoaded;
  private final AtomicInteger inside = new AtomicInteger();

  /** A reader whose store kept the first {@code entries} of this one's. */
  RecordingReader afterCrash(int entries) {
    var survivor = new RecordingReader();
    synchronized (this) {
      survivor.applied.addAll(applied.subList(0, entries));
    }
    return survivor;
  }

  @Override
  public void apply(List<LogEntry> entries) {
    alone(() -> {
      RuntimeException planned = throwOnApply;
      if (planned != null) {
        throw planned;
      }
      for (LogEntry entry : entries) {
        if (entry.logIndex() <= appliedLogIndex()) {
          complaints.add("applied again: " + entry.logIndex());
        }
        if (!applied.isEmpty() && entry.term() < applied.getLast().term()) {
          complaints.add("term went back at " + entry.logIndex());
        }
        applied.add(entry);
      }
    });
  }

  @Override
  public synchronized long appliedLogIndex() {
    return applied.isEmpty() ? 0 : applied.getLast().logIndex();
  }

  @Override
  public void leaderStarted(long term) {
    alone(() -> {
      RuntimeException planned = throwOnLead;
      if (planned != null) {
        throw planned;
      }
      if (term < leaderTerm || (term == leaderTerm && isLeading())) {
        complaints.add("led again in term " + term);
      }
      leaderTerm = term;
      events.add("started");
    });
  }

  @Override
  public void leaderStopped(long term) {
    alone(() -> events.add("stopped"));
  }

  @Override
  public long saveCheckpoint(Path directory) {
    alone(() -> {
      var lines = new ArrayList<String>();
      for (LogEntry entry : applied) {
        lines.add(
            entry.logIndex() + " " + entry.term() + " " + HexFormat.of().formatHex(entry.bytes()));
      }
      try {
        Files.write(directory.resolve("entries"), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      checkpointsSaved++;
    });
    return appliedLogIndex();
  }

  @Override
  public void loadCheckpoint(Path directory) {
    alone(() -> {
      applied.clear();
      try {
        for (String line : Files.readAllLines(directory.resolve("entries"))) {
          String[] parts = line.split(" ", -1);
          applied.add(
              new LogEntry(
                  Long.parseLong(parts[0]),
                  Long.parseLong(parts[1]),
                  HexFormat.of().parseHex(parts[2])));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      checkpointsLoaded++;
    });
  }

  @Override
  public void failed(Throwable cause) {
    if (failure != null) {
      complaints.add("failed twice");
    }
    failure = cause;
  }

  synchronized boolean isLeading() {
    return !events.isEmpty() && events.getLast().equals("started");
  }

  /** The numbers proposed by {@link #number}, in the order they were applied. */
  synchronized List<Long> numbers() {
    return applied.stream().map(entry -> ByteBuffer.wrap(entry.bytes()).getLong()).toList();
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited 20 s in vain: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void alone(Runnable call) {
    if (inside.incrementAndGet() != 1) {
      complaints.add("two calls at a time");
    }
    try {
      synchronized (this) {
        call.run();
      }
    } finally {
      inside.decrementAndGet();
    }
  }
}
