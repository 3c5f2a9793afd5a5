package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Command;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Ends, from time to time, what is beyond retention: old versions, and answers of commits that
 * nobody repeats any more. The threshold is a log entry of each shard (rule 9).
 *
 * <p>Confined to the timers.
 */
final class GarbageCollection {
  private final List<Participant> participants;
  private final List<Shard> shards;
  private final OpenTransactions open;
  private final BooleanSupplier serving;
  private final NodeTimestamps timestamps;
  private final TimestampAges ages;
  private final Timers timers;
  private final TransactionSettings settings;
  private volatile boolean stopped;

  /**
   * @param serving whether this node is the home of transactions
   */
  GarbageCollection(
      List<Participant> participants,
      List<Shard> shards,
      OpenTransactions open,
      BooleanSupplier serving,
      NodeTimestamps timestamps,
      TimestampAges ages,
      Timers timers,
      TransactionSettings settings) {
    this.participants = participants;
    this.shards = shards;
    this.open = open;
    this.serving = serving;
    this.timestamps = timestamps;
    this.ages = ages;
    this.timers = timers;
    this.settings = settings;
  }

  void start() {
    timers.schedule(settings.collectionPeriod(), this::collectAgain);
  }

  void stop() {
    stopped = true;
  }

  private void collectAgain() {
    if (stopped) {
      return;
    }
    try {
      ages.note();
      collect();
    } finally {
      start();
    }
  }

  /** Proposes a threshold to each shard that has anything below it. */
  void collect() {
    if (!serving.getAsBoolean()) {
      return; // the home alone knows what open transactions may read
    }
    // What no clock has moved since is at most as late as the last timestamp: never too much.
    long now = timestamps.last();
    if (now == NodeTimestamps.NONE_YET) {
      return; // nothing is known to be old
    }
    long threshold = Math.min(ages.atLeast(settings.retention(), now), open.oldestSnapshot());
    long answered = ages.atLeast(settings.answersKept(), now);
    var dropped = new Command.DropOutcomes(TransactionIds.lowestOf(answered));
    for (Participant participant : participants) {
      long collected = participant.store().collectionThreshold();
      boolean changedSince = participant.store().lastApplied() > collected;
      // A shard of which this node has no replica is told each time: a repetition does no harm.
      if ((threshold > collected && changedSince) || !participant.hasReplica()) {
        Shard shard = shards.get(participant.shard());
        var unused = shard.put(new Command.CollectGarbage(threshold));
        unused = shard.put(dropped);
      }
    }
  }
}
