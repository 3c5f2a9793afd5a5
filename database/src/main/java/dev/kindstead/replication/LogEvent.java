package dev.kindstead.replication;

import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * One thing that a replica's log and its reader told each other, and the line of text that says so.
 * Format: docs/formats/log-events.md.
 */
public sealed interface LogEvent {
  /** The log starts; the reader's state has all entries up to this one. */
  record Started(long logIndex) implements LogEvent {}

  /** The reader has applied an entry. */
  record Applied(long logIndex, long term, long hash) implements LogEvent {}

  /** The reader's state is now a checkpoint's, with all entries up to this one. */
  record Loaded(long logIndex) implements LogEvent {}

  /** The reader is about to hear that it leads. */
  record LeaderStarted(long term) implements LogEvent {}

  /** The reader is about to hear that it leads no more. */
  record LeaderStopped(long term) implements LogEvent {}

  /** An entry is about to be proposed. */
  record Proposed(long number, long hash) implements LogEvent {}

  /** Whoever proposed is about to hear what came of it. */
  record Ended(long number, Outcome outcome) implements LogEvent {}

  /** The reader is about to hear that it can't go on. */
  record Failed() implements LogEvent {}

  /** The log has been closed. */
  record Closed() implements LogEvent {}

  /** More has happened than a record may hold, and is not in it. */
  record Full() implements LogEvent {}

  default String line() {
    return switch (this) {
      case Started it -> "started " + it.logIndex;
      case Applied it ->
          "applied " + it.logIndex + ' ' + it.term + ' ' + HexFormat.of().toHexDigits(it.hash);
      case Loaded it -> "loaded " + it.logIndex;
      case LeaderStarted it -> "leader-started " + it.term;
      case LeaderStopped it -> "leader-stopped " + it.term;
      case Proposed it -> "proposed " + it.number + ' ' + HexFormat.of().toHexDigits(it.hash);
      case Ended it -> "ended " + it.number + ' ' + it.outcome;
      case Failed _ -> "failed";
      case Closed _ -> "closed";
      case Full _ -> "full";
    };
  }

  /**
   * The event that a line tells.
   *
   * @throws IllegalArgumentException if it tells none
   */
  static LogEvent parse(String line) {
    String[] words = line.split(" ", -1);
    String form = words[0] + ' ' + (words.length - 1);
    return switch (form) {
      case "started 1" -> new Started(Long.parseLong(words[1]));
      case "applied 3" ->
          new Applied(
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              HexFormat.fromHexDigitsToLong(words[3]));
      case "loaded 1" -> new Loaded(Long.parseLong(words[1]));
      case "leader-started 1" -> new LeaderStarted(Long.parseLong(words[1]));
      case "leader-stopped 1" -> new LeaderStopped(Long.parseLong(words[1]));
      case "proposed 2" ->
          new Proposed(Long.parseLong(words[1]), HexFormat.fromHexDigitsToLong(words[2]));
      case "ended 2" -> new Ended(Long.parseLong(words[1]), Outcome.valueOf(words[2]));
      case "failed 0" -> new Failed();
      case "closed 0" -> new Closed();
      case "full 0" -> new Full();
      default -> throw new IllegalArgumentException("no event of a log: " + line);
    };
  }

  /** Of an entry's bytes: two checksums, for processors have instructions for both. */
  static long hash(byte[] entry) {
    var one = new CRC32C();
    one.update(entry);
    var other = new CRC32();
    other.update(entry);
    return one.getValue() << Integer.SIZE | other.getValue();
  }
}
