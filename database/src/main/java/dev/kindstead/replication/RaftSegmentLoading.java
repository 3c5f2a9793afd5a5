package dev.kindstead.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the log at start and decides what a crash has left: an unacknowledged end is cut off,
 * anything else that is not sound is an error that names file and byte.
 *
 * <p>How to tell: a damaged record may be the torn end only if nothing shows that it had been
 * synced. Two things would: a sound record further on that was written when this one was already
 * synced, and a store that has applied it (entries are applied only when synced).
 *
 * @param synced whether entries were synced before they were applied; if not, the store may know
 *     entries that the log has lost to a power cut, and the log is continued above them
 * @param appliedLogIndex of the store
 * @param checkpointLogIndex of the last checkpoint
 * @param votedTerm the highest term this member has seen
 */
record RaftSegmentLoading(
    boolean synced, long appliedLogIndex, long checkpointLogIndex, long votedTerm) {

  /** The segments, in order, at least one. Every sound record goes to {@code each}. */
  List<RaftSegment> load(Path directory, Consumer<RaftRecord> each) throws IOException {
    Files.createDirectories(directory);
    List<RaftSegment> segments = ofLastGeneration(directory);
    if (segments.isEmpty()) {
      segments.add(RaftSegment.create(directory, 1, 1));
    }
    for (int n = 0; n < segments.size(); n++) {
      RaftSegment segment = segments.get(n);
      if (n > 0) {
        checkFollows(segments.get(n - 1), segment);
      }
      int end = segment.scan(each);
      if (end < Files.size(segment.file)) {
        if (n + 1 < segments.size()) {
          throw new CorruptLogException(segment.file, end, "damaged record before others");
        }
        cutTornEnd(segment, end);
      }
    }
    if (segments.getLast().lastLogIndex() < appliedLogIndex) {
      continueAboveStore(directory, segments);
    }
    return segments;
  }

  private static List<RaftSegment> ofLastGeneration(Path directory) throws IOException {
    var segments = new ArrayList<RaftSegment>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".log")) {
          segments.add(RaftSegment.open(file));
        }
      }
    }
    int last = segments.stream().mapToInt(segment -> segment.generation).max().orElse(0);
    var kept = new ArrayList<RaftSegment>();
    for (RaftSegment segment : segments) {
      if (segment.generation == last) {
        kept.add(segment);
      } else {
        segment.delete();
      }
    }
    return kept;
  }

  private static void checkFollows(RaftSegment before, RaftSegment segment) {
    if (segment.firstLogIndex != before.lastLogIndex() + 1) {
      throw new CorruptLogException(
          segment.file,
          "entries %d to %d are missing before it"
              .formatted(before.lastLogIndex() + 1, segment.firstLogIndex - 1));
    }
  }

  private void cutTornEnd(RaftSegment segment, int end) throws IOException {
    long damaged = segment.lastLogIndex() + 1;
    ByteBuffer rest = segment.rest(end);
    if (isRoom(rest)) {
      segment.truncateTo(end);
      return;
    }
    if (synced && damaged <= appliedLogIndex) {
      throw new CorruptLogException(
          segment.file, end, "entry " + damaged + ", which the store has applied, is damaged");
    }
    for (int at = 1; at <= rest.limit() - RaftRecord.HEADER_BYTES; at++) {
      long logIndex = RaftRecord.logIndex(rest, at);
      if (logIndex <= damaged || logIndex - damaged > rest.limit()) {
        continue;
      }
      RaftRecord later = RaftRecord.read(rest.position(at));
      if (later != null && later.syncedLogIndex() >= damaged) {
        throw new CorruptLogException(
            segment.file,
            end,
            "entry %d, which was synced before entry %d, is damaged"
                .formatted(damaged, later.logIndex()));
      }
    }
    segment.truncateTo(end);
  }

  /** Only zeros: written ahead, and no entry was lost in them. */
  private static boolean isRoom(ByteBuffer rest) {
    for (int at = 0; at < rest.limit(); at++) {
      if (rest.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Fills the place of lost entries, whose effects the store still has, so that their indexes are
   * not given to new ones, which the store would then skip.
   */
  private void continueAboveStore(Path directory, List<RaftSegment> segments) throws IOException {
    RaftSegment last = segments.getLast();
    // A crash may come between the loading of a leader's checkpoint and the cut that follows it.
    boolean checkpointReplacesLog = checkpointLogIndex >= appliedLogIndex;
    if (synced && !checkpointReplacesLog) {
      throw new CorruptLogException(
          last.file,
          "the log ends at entry %d, but the store has applied entry %d"
              .formatted(last.lastLogIndex(), appliedLogIndex));
    }
    if (last.lastLogIndex() < checkpointLogIndex) {
      RaftSegment fresh =
          RaftSegment.create(directory, last.generation + 1, checkpointLogIndex + 1);
      for (RaftSegment segment : segments) {
        segment.delete();
      }
      segments.clear();
      segments.add(fresh);
      last = fresh;
    }
    ByteBuffer header = ByteBuffer.allocate(RaftRecord.HEADER_BYTES);
    while (last.lastLogIndex() < appliedLogIndex) {
      long logIndex = last.lastLogIndex() + 1;
      int start = last.size();
      RaftRecord.noOperation(logIndex, votedTerm, 0).putHeader(header.clear());
      last.write(header.flip());
      last.publish(start);
    }
    last.sync();
  }
}
