package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the machine's processors have done until now, as the kernel counts it, in its ticks: by some
 * processes, by all. What others got is the difference, and what a host has stolen is theirs, too.
 */
public final class ProcessorTime {
  private static final Path PROC = Path.of("/proc");

  /** Columns of the line {@code cpu} of /proc/stat: see proc(5). */
  private static final int IDLE = 4;

  private static final int IO_WAIT = 5;
  private static final int STEAL = 8;

  /** Behind the name in parentheses of /proc/PID/stat: utime and stime. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  private final Map<Long, Long> ofProcesses;
  private final long busy;
  private final long all;

  private ProcessorTime(Map<Long, Long> ofProcesses, long busy, long all) {
    this.ofProcesses = ofProcesses;
    this.busy = busy;
    this.all = all;
  }

  /** Until now; of those processes that there are. */
  public static ProcessorTime of(Stream<Long> processes) {
    Map<Long, Long> ticks = new HashMap<>();
    processes.forEach(each -> ticks.put(each, ticks(each)));
    return read(ticks, line(PROC.resolve("stat")));
  }

  static ProcessorTime read(Map<Long, Long> ofProcesses, String line) {
    List<Long> columns = new ArrayList<>();
    for (String column : line.strip().split(" +")) {
      columns.add(columns.isEmpty() ? 0L : Long.parseLong(column));
    }
    // Time of guests, behind it, is in that of users already.
    long all = columns.stream().limit(STEAL + 1).mapToLong(Long::longValue).sum();
    long idle = columns.size() > IO_WAIT ? columns.get(IDLE) + columns.get(IO_WAIT) : 0;
    return new ProcessorTime(ofProcesses, all - idle, all);
  }

  /** A process that has ended has none any more: what it took last counts as the others'. */
  private static long ticks(long process) {
    String line = line(PROC.resolve(Long.toString(process)).resolve("stat"));
    String[] columns = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
    return columns.length <= SYSTEM
        ? 0
        : Long.parseLong(columns[USER]) + Long.parseLong(columns[SYSTEM]);
  }

  private static String line(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException gone) {
      return "";
    }
  }

  /** Of all processors, from 0 to 1, what none of the processes got since then. */
  public double othersSince(ProcessorTime before) {
    long own =
        ofProcesses.entrySet().stream()
            .mapToLong(each ->
                Math.max(0, each.getValue() - before.ofProcesses.getOrDefault(each.getKey(), 0L)))
            .sum();
    long others = Math.max(0, busy - before.busy - own);
    return all <= before.all ? 0 : (double) others / (all - before.all);
  }
}
