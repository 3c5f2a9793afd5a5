package dev.kindstead.faults.workload;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * An application: one thing after the other, through nodes of its choice, and notes of what it saw.
 * Confined to its own thread.
 */
abstract class Client {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final int REPETITIONS_MAX = 3;

  final Notes notes;
  final Random random;
  final int number;
  private final Work work;
  private final List<Calls> nodes;
  private int node;

  /**
   * @param number tells clients apart
   */
  Client(Work work, Notes notes, List<Calls> nodes, Random random, int number) {
    this.work = work;
    this.notes = notes;
    this.nodes = nodes;
    this.random = random;
    this.number = number;
    node = random.nextInt(nodes.size());
  }

  /**
   * One operation, noted whatever comes of it. Failures are thrown for being counted.
   *
   * @return what was acknowledged; nothing when a commit was not, and that is counted already
   */
  abstract Optional<Probe> work(Calls calls) throws Failed;

  /**
   * Works once; says how long to pause before the next time.
   *
   * @param acknowledged is told what was
   */
  final Duration workOnce(Duration thinkTimeMax, Consumer<Probe> acknowledged) {
    if (random.nextInt(8) == 0) {
      goElsewhere();
    }
    try {
      work(nodes.get(node)).ifPresent(acknowledged);
      return thinkTimeMax.isZero()
          ? Duration.ZERO
          : Duration.ofNanos(random.nextLong(thinkTimeMax.toNanos()));
    } catch (Failed failure) {
      notes.failed(work, failure);
      if (failure.code() != Code.ABORTED) {
        goElsewhere();
      }
      return AFTER_FAILURE;
    } catch (RuntimeException wrong) {
      notes.anomaly("a client of " + work + " met " + wrong);
      return AFTER_FAILURE;
    }
  }

  /** Any node, this one too: what belongs to a transaction finds its way from each. */
  final Calls someNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** Notes a failure that is not the end of the work. */
  final void failed(Failed failure) {
    notes.failed(work, failure);
  }

  private void goElsewhere() {
    node = random.nextInt(nodes.size());
  }

  /** What is known of a commit, and its answer if it was acknowledged. */
  record Committed(Outcome outcome, Optional<CommitResponse> response) {
    /** The probe, if it was acknowledged. */
    Optional<Probe> as(Probe probe) {
      return outcome == Outcome.DONE ? Optional.of(probe) : Optional.empty();
    }
  }

  /**
   * Commits a transaction. When the outcome is unknown it sometimes asks again, as the API allows
   * it: a repeated commit meets its first answer, and ABORTED then says that it was never applied.
   */
  final Committed commit(Calls calls, CommitRequest request) {
    Calls at = calls;
    boolean repeats = random.nextBoolean();
    for (int attempt = 0; attempt <= REPETITIONS_MAX; attempt++) {
      try {
        return new Committed(Outcome.DONE, Optional.of(at.commit(request)));
      } catch (Failed failure) {
        notes.failed(work, failure);
        // Of a repetition, a refusal says nothing about the attempts before.
        boolean isCertain = attempt == 0 || failure.code() == Code.ABORTED;
        if (failure.outcome() == Outcome.NOT_DONE && isCertain) {
          return new Committed(Outcome.NOT_DONE, Optional.empty());
        }
        if (!repeats) {
          break;
        }
        Pause.of(AFTER_FAILURE);
        at = someNode();
      }
    }
    return new Committed(Outcome.UNKNOWN, Optional.empty());
  }

  /**
   * Lets go of a transaction that did not commit, or perhaps not, as official clients do: its locks
   * would stay until it has been idle for a minute, which is longer than progress may take.
   */
  final void rollBack(ByteString transaction) {
    int first = random.nextInt(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      try {
        nodes.get((first + i) % nodes.size()).rollBack(transaction);
        return;
      } catch (Failed failure) {
        if (failure.code() == Code.INVALID_ARGUMENT) {
          return; // it is over
        }
        notes.failed(work, failure);
      }
    }
  }
}
