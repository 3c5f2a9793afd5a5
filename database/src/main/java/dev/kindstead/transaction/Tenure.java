package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times in which this node serves: it leads the system group, so it is the oracle, hands out
 * ids and is the home of all transactions. A tenure begins when the former leader's lease is over;
 * with its end all open transactions are lost.
 *
 * <p>Confined to the system group's executor; {@link #isServing} from any thread.
 */
final class Tenure implements SystemGroup.Leading {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  /** Commits that have begun end before a hand-over, or the hand-over does not wait for them. */
  private static final Duration COMMITS_PAUSE = Duration.ofMillis(5);

  private static final int COMMITS_PAUSES_MAX = 60;

  /** Monotonic clocks lose far less than a second meanwhile, and a clock may be set right. */
  private static final Duration CLOCKS_PERIOD = Duration.ofMinutes(1);

  /** Before a bound is proposed again that did not come into the log. */
  private static final Duration BOUND_PAUSE = Duration.ofMillis(200);

  /** A hand-over that has not begun after so long has failed. */
  private static final Duration RESUME_AFTER = Duration.ofSeconds(2);

  private final SystemGroup system;
  private final TimestampOracle oracle;
  private final VoterClocks clocks;
  private final OwnTimestamps timestamps;
  private final IdAllocator ids;
  private final OpenTransactions open;
  private final List<Participant> participants;
  private final Timers timers;
  private final CompletableFuture<Void> first = new CompletableFuture<>();

  /** Of the tenure that runs, or the last one; raised by each beginning and end. */
  private long number;

  /** Whether a tenure has begun that has not ended. */
  private boolean running;

  /** What a former home handed over, until this one's first bound is in the log. */
  private byte @Nullable [] takingOver;

  /** Whether calls begin: in a tenure, but not while it is handed over. */
  private volatile boolean serving;

  Tenure(
      SystemGroup system,
      TimestampOracle oracle,
      VoterClocks clocks,
      OwnTimestamps timestamps,
      IdAllocator ids,
      OpenTransactions open,
      List<Participant> participants,
      Timers timers) {
    this.system = system;
    this.oracle = oracle;
    this.clocks = clocks;
    this.timestamps = timestamps;
    this.ids = ids;
    this.open = open;
    this.participants = participants;
    this.timers = timers;
  }

  /**
   * Whether this node is the home of transactions; a shard may have another leader all the same.
   */
  boolean isServing() {
    return serving;
  }

  /** Ends when the first tenure has begun. */
  CompletableFuture<Void> first() {
    return first;
  }

  @Override
  public void began() {
    long mine = ++number;
    if (system.log().isAlone()) {
      serve(mine);
      return;
    }
    var leaseOver = new CompletableFuture<Void>();
    long wait = leaseLeftNanos();
    if (wait <= 0) {
      leaseOver.complete(null);
    } else {
      timers.schedule(Duration.ofNanos(wait), () -> leaseOver.complete(null));
    }
    clocks
        .ask()
        .thenCombine(leaseOver, (_, _) -> mine)
        .thenAccept(number -> system.executeOrStop(() -> serve(number)));
    timers.schedule(CLOCKS_PERIOD, () -> system.executor().execute(() -> askAgain(mine)));
  }

  private void askAgain(long mine) {
    if (number == mine) {
      var unused = clocks.ask();
      timers.schedule(CLOCKS_PERIOD, () -> system.executor().execute(() -> askAgain(mine)));
    }
  }

  /** Until no former leader can hold a lease; all it was granted by is in our log. */
  private long leaseLeftNanos() {
    if (StoredState.releasedLease(system.store()) != null) {
      return 0;
    }
    return OracleLease.LENGTH.toNanos() - system.log().quietNanos();
  }

  private void serve(long mine) {
    if (number != mine) {
      return;
    }
    running = true;
    takingOver = StoredState.releasedLease(system.store());
    timestamps.load();
    oracle.start(
        StoredState.timestampBound(system.store()),
        !system.log().isAlone(),
        upTo -> system.executor().execute(() -> extendBound(mine, upTo)));
    ids.start();
    system.load();
    if (takingOver == null) {
      served();
    }
  }

  private void served() {
    serving = true;
    system.tellIndexes();
    if (!system.log().isAlone()) {
      LOG.info("this node serves, with timestamps above {}", oracle.startedAbove());
    }
    first.complete(null);
  }

  /**
   * Goes on with what was handed over, now that this is not in the log any more: another home might
   * have gone on with the same, and without what was read here meanwhile.
   */
  private void takeOver() {
    byte[] handedOver = takingOver;
    if (handedOver != null) {
      takingOver = null;
      try {
        open.takeOver(handedOver, timestamps::past);
      } catch (RuntimeException unreadable) {
        LOG.error("open transactions of the former home are lost", unreadable);
      } finally {
        served();
      }
    }
  }

  /**
   * On the group's executor, as the end of a tenure is: no late bound counts for the next one, nor
   * comes one into the log behind what is handed over, which it would take back.
   */
  private void extendBound(long mine, long upTo) {
    if (number != mine) {
      return;
    }
    system
        .propose(new Command.TimestampBound(upTo))
        .whenCompleteAsync((_, failure) -> extended(mine, upTo, failure), system.executor());
  }

  private void extended(long mine, long upTo, @Nullable Throwable failure) {
    if (number != mine) {
      return;
    }
    if (failure != null) {
      timers.schedule(BOUND_PAUSE, () -> system.executor().execute(() -> extendBound(mine, upTo)));
    } else {
      oracle.extended(upTo);
      takeOver();
    }
  }

  @Override
  public void ended() {
    number++;
    if (running) {
      LOG.info("this node serves no more");
      end();
    }
  }

  @Override
  public void failed() {
    oracle.freeze();
  }

  private void end() {
    running = false;
    serving = false;
    takingOver = null;
    oracle.stop();
    ids.stop();
    open.endAll(TransactionEnd.LOST);
    participants.forEach(Participant::failWaiting);
  }

  /** Others are about to get a vote, so another node may become the oracle. */
  void expectOthers() {
    boolean wasAlone = system.log().isAlone();
    system.log().expectMembers();
    oracle.requireLease();
    if (wasAlone) {
      system.executor().execute(() -> askAgain(number));
    }
  }

  /**
   * Has another node serve, which goes on with the transactions that are open: they are in the
   * entry that releases the lease, so it need not wait that out either. From any thread; it takes a
   * moment, or doesn't come about.
   */
  void handOver() {
    system
        .executor()
        .execute(() -> {
          if (serving && !system.log().isAlone()) {
            serving = false;
            LOG.info("this node serves no more: another one is to");
            handOver(number, COMMITS_PAUSES_MAX);
          }
        });
  }

  /** Nothing begins any more; commits that have begun are waited for. */
  private void handOver(long mine, int pausesLeft) {
    if (number != mine) {
      return;
    }
    if (open.isCommitting() && pausesLeft > 0) {
      timers.schedule(
          COMMITS_PAUSE, () -> system.executor().execute(() -> handOver(mine, pausesLeft - 1)));
      return;
    }
    byte[] transactions = open.handOver();
    long after = ++number;
    end();
    system
        .propose(new Command.ReleaseLease(transactions))
        .whenComplete((_, _) -> system.log().resignLeadership());
    timers.schedule(RESUME_AFTER, () -> system.executeOrStop(() -> resume(after)));
  }

  /** Nobody was there to take over. */
  private void resume(long after) {
    if (number == after) {
      began();
    }
  }
}
