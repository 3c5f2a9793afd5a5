package dev.kindstead.transaction;

import dev.kindstead.model.MutationResult;
import dev.kindstead.storage.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a commit does to one shard, worked out before it has a timestamp: {@link #PENDING} stands
 * for that in results, zero in changes.
 *
 * @param answerBytes that the results take in an answer that the log keeps, at most
 */
record Evaluated(
    List<Change> changes, List<OrdinalResult> results, int indexUpdates, long answerBytes) {
  static final long PENDING = -1;

  /** A mutation's result at its place in the request. */
  record OrdinalResult(int ordinal, MutationResult result) {

    OrdinalResult stamped(long timestamp) {
      return new OrdinalResult(
          ordinal,
          new MutationResult(
              result.key(),
              stamp(result.version(), timestamp),
              stamp(result.createTime(), timestamp),
              stamp(result.updateTime(), timestamp),
              result.conflictDetected(),
              result.transformResults()));
    }

    private static long stamp(long time, long timestamp) {
      return time == PENDING ? timestamp : time;
    }
  }

  /** The results, committed at {@code timestamp}. */
  List<OrdinalResult> resultsAt(long timestamp) {
    var stamped = new ArrayList<OrdinalResult>(results.size());
    for (OrdinalResult result : results) {
      stamped.add(result.stamped(timestamp));
    }
    return stamped;
  }

  /** What the commit's home has to know of it, to put the whole answer together. */
  Evaluated withoutChanges() {
    return new Evaluated(List.of(), results, indexUpdates, answerBytes);
  }

  /** All parts of a commit as one, without the changes. */
  static Evaluated whole(List<Evaluated> parts) {
    var results = new ArrayList<OrdinalResult>();
    int indexUpdates = 0;
    long answerBytes = 0;
    for (Evaluated part : parts) {
      results.addAll(part.results());
      indexUpdates += part.indexUpdates();
      answerBytes += part.answerBytes();
    }
    return new Evaluated(List.of(), results, indexUpdates, answerBytes);
  }

  /** The whole commit's answer, when all of it is here. */
  CommitResult answerAt(long timestamp) {
    return answer(resultsAt(timestamp), indexUpdates, timestamp);
  }

  static CommitResult answer(List<OrdinalResult> results, int indexUpdates, long commitTime) {
    var sorted = new ArrayList<>(results);
    sorted.sort(Comparator.comparingInt(OrdinalResult::ordinal));
    return new CommitResult(
        sorted.stream().map(OrdinalResult::result).toList(), indexUpdates, commitTime);
  }
}
